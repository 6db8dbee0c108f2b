// HTTP Basic, where the flags ask for it (3rdparty/libprocess/src/authenticator.cpp; master.cpp, Master::initialize: the realm of each
// endpoint). It comes before everything else, redirections too.
import type { RequestHandler, Response } from 'express';

export interface HttpAuthentication {
  /** --authenticate_http_frameworks, --authenticate_http_readonly, --authenticate_http_readwrite */
  readonly frameworks: boolean;
  readonly readonly: boolean;
  readonly readwrite: boolean;
  /** principal → secret (--credentials) */
  readonly credentials: ReadonlyMap<string, string>;
}

export const noAuthentication: HttpAuthentication = { frameworks: false, readonly: false, readwrite: false, credentials: new Map() };

type Realm = 'frameworks' | 'readonly' | 'readwrite';

const REALM_NAMES: Readonly<Record<Realm, string>> = {
  frameworks: 'mesos-master-scheduler',
  readonly: 'mesos-master-readonly',
  readwrite: 'mesos-master-readwrite',
};

/** The first that the path begins with counts, so longer ones come first. */
const REALMS: readonly (readonly [path: string, realm: Realm])[] = [
  ['/api/v1/scheduler', 'frameworks'],
  ['/api/v1', 'readwrite'],
  ['/create-volumes', 'readwrite'],
  ['/destroy-volumes', 'readwrite'],
  ['/files', 'readonly'],
  ['/flags', 'readonly'],
  ['/frameworks', 'readonly'],
  ['/logging', 'readwrite'],
  ['/machine', 'readwrite'],
  ['/maintenance/schedule', 'readwrite'],
  ['/maintenance/status', 'readonly'],
  ['/metrics/snapshot', 'readonly'],
  ['/quota', 'readwrite'],
  ['/reserve', 'readwrite'],
  ['/roles', 'readonly'],
  ['/slaves', 'readonly'],
  ['/state-summary', 'readonly'],
  ['/state', 'readonly'],
  ['/tasks', 'readonly'],
  ['/teardown', 'readwrite'],
  ['/unreserve', 'readwrite'],
  ['/weights', 'readwrite'],
];

const realmOf = (path: string): Realm | undefined => {
  const short = path.replace(/^\/master(?=\/)/, '');
  return REALMS.find(([start]) => short === start || short.startsWith(`${start}/`))?.[1];
};

/** undefined: the header names nobody who is known. A secret may hold no colon, as with Mesos. */
const principalOf = (header: string | undefined, credentials: ReadonlyMap<string, string>): string | undefined => {
  const [scheme, encoded, ...more] = header?.split(' ') ?? [];
  if (scheme !== 'Basic' || encoded === undefined || more.length > 0) return undefined;
  const [principal = '', secret, ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return secret !== undefined && rest.length === 0 && credentials.get(principal) === secret ? principal : undefined;
};

export const authenticated =
  (settings: HttpAuthentication): RequestHandler =>
  (request, response, next) => {
    const realm = realmOf(request.path);
    if (realm === undefined || !settings[realm]) return next();
    const principal = principalOf(request.get('authorization'), settings.credentials);
    if (principal === undefined) {
      response.set('WWW-Authenticate', `Basic realm="${REALM_NAMES[realm]}"`);
      response.status(401).type('text/plain; charset=utf-8').send('401 Unauthorized.');
      return;
    }
    response.locals.principal = principal;
    next();
  };

/** Who is authenticated; undefined where nobody has to be. */
export const principalIn = (response: Response): string | undefined => {
  const principal: unknown = response.locals.principal;
  return typeof principal === 'string' ? principal : undefined;
};
