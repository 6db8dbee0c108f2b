/** The headers of a request of `principal:secret`; none without. */
export const authorization = (credential: string | undefined): Readonly<Record<string, string>> =>
  credential === undefined ? {} : { Authorization: `Basic ${Buffer.from(credential).toString('base64')}` };
