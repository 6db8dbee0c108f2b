/** What a status other than 200 tells the operator to look at (docs/scheduler-http-api.md, Calls). */
export const refusalAdvice = (status: number): string => {
  switch (status) {
    case 307:
      return ': it does not lead, and where it points to leads nowhere';
    case 400:
      return ': it does not accept what was sent; see the text, and the framework info';
    case 401:
      return ': check principal and secret';
    case 403:
      return ': the principal may not do this';
    case 404:
      return ': it is still starting, or it is no Mesos master';
    case 415:
      return ': it does not take this encoding; a proxy in between may have changed the Content-Type';
    case 503:
      return ': no master is elected yet, or the elected one has not recovered yet';
    default:
      return '';
  }
};
