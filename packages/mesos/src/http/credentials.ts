/** What HTTP Basic authentication takes; Mesos calls the user name a principal. */
export interface Credentials {
  readonly principal: string;
  readonly secret: string;
}

export const authorizationHeader = ({ principal, secret }: Credentials): string =>
  `Basic ${Buffer.from(`${principal}:${secret}`, 'utf8').toString('base64')}`;
