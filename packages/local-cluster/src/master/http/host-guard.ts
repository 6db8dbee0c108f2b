import { isIP } from 'node:net';
import type { RequestHandler } from 'express';

/** Whether a Host header names this machine by address or as localhost. */
const isLocalName = (host: string): boolean => {
  const name = host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost');
};

/**
 * Loopback is no wall against a web page whose name its owner lets point at 127.0.0.1 (DNS rebinding), and who may call the API
 * runs commands. No Mesos has this.
 */
export const onlyLocalNames: RequestHandler = (request, response, next) => {
  const host = request.get('host');
  if (host === undefined || isLocalName(host)) return next();
  response.status(403).type('text/plain; charset=utf-8').send(`Host '${host}': use 127.0.0.1 or localhost`);
};
