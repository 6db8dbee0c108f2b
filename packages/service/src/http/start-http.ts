import { createServer, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { ConfigurationError } from '../configuration/configuration-error.js';
import { readSecretFile } from '../configuration/secret-file.js';
import { createApp, type AppOptions } from './create-app.js';

export interface HttpOptions extends Omit<AppOptions, 'token' | 'ownUrl'> {
  readonly config: {
    readonly httpHost: string;
    readonly httpPort: number;
    readonly advertisedUrl?: string | undefined;
    readonly apiTokenFile?: string | undefined;
  };
  /** Its abort closes the server. */
  readonly signal: AbortSignal;
}

export interface HttpServer {
  /** ADVERTISED_URL, or made of host and port. Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** How long requests under way may take when the server closes. */
const CLOSE_TIMEOUT_MS = 2_000;

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy: Partial<Record<string, ConfigurationError>> = {
        EADDRINUSE: new ConfigurationError('HTTP_PORT', String(port), 'the port is in use; choose another one, or 0 for a free one'),
        EACCES: new ConfigurationError('HTTP_PORT', String(port), 'this user may not listen there; choose a port above 1023'),
        EADDRNOTAVAIL: new ConfigurationError('HTTP_HOST', host, 'this machine has no such address; choose one that it has'),
        ENOTFOUND: new ConfigurationError('HTTP_HOST', host, 'the name is not known; choose an address of this machine'),
      };
      reject(remedy[error.code ?? ''] ?? error);
    });
    server.listen(port, host.replace(/^\[|\]$/g, ''), () => resolve((server.address() as AddressInfo).port));
  });

const urlOf = (host: string, port: number): string => {
  const bare = host.replace(/^\[|\]$/g, '');
  const reachable = bare === '0.0.0.0' || bare === '::' ? hostname() : bare;
  return `http://${isIPv6(reachable) ? `[${reachable}]` : reachable}:${port}`;
};

/**
 * Serves /healthz (alive), /readyz (200 or 503, with role and reasons), /metrics and `routes`, mounted at `/`, to which
 * bodies of up to 1 MiB arrive parsed from JSON. With `leader`, only a leader answers /api: others redirect to it.
 *
 * @throws ConfigurationError beyond loopback without API_TOKEN_FILE, or when it cannot listen
 */
export const startHttp = async (options: HttpOptions): Promise<HttpServer> => {
  const { httpHost, httpPort, advertisedUrl, apiTokenFile } = options.config;
  if (apiTokenFile === undefined && !isLoopback(httpHost)) {
    throw new ConfigurationError(
      'HTTP_HOST',
      httpHost,
      'others could reach it without a token; set API_TOKEN_FILE, or listen on 127.0.0.1',
    );
  }
  const token = apiTokenFile === undefined ? undefined : readSecretFile('API_TOKEN_FILE', apiTokenFile);
  let url = '';
  const server = createServer(createApp({ ...options, token, ownUrl: () => url }));
  const port = await listen(server, httpHost, httpPort);
  url = (advertisedUrl ?? urlOf(httpHost, port)).replace(/\/+$/, '');
  options.logger.info({ url, port }, 'listening');

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= new Promise<void>((resolve) => {
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
      server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      server.closeIdleConnections();
    }));
  options.signal.addEventListener('abort', () => void close(), { once: true });
  if (options.signal.aborted) await close();
  return { url, port, close };
};
