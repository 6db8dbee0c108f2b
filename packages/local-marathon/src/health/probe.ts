import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Probe } from '../domain/events.js';
import type { ProbeOutcome } from '../domain/health.js';

/** Checks once. Never throws: what goes wrong is the outcome. */
export async function probe(target: Probe): Promise<ProbeOutcome> {
  const signal = AbortSignal.timeout(target.timeoutMs);
  try {
    return target.protocol === 'tcp' ? await connectOnce(target, signal) : await requestOnce(target, signal);
  } catch (error) {
    if (signal.aborted) return { healthy: false, cause: `no answer within ${target.timeoutMs / 1000} s` };
    return { healthy: false, cause: error instanceof Error ? error.message : String(error) };
  }
}

/** 200 to 399 is healthy, as in Marathon; a redirect is not followed, a certificate not checked. */
function requestOnce(target: Probe, signal: AbortSignal): Promise<ProbeOutcome> {
  const { host, port, path, protocol, ignoreHttp1xx } = target;
  return new Promise((resolve, reject) => {
    const options = { host, port, path, agent: false, signal };
    const request = protocol === 'https' ? httpsRequest({ ...options, rejectUnauthorized: false }) : httpRequest(options);
    request.on('error', reject);
    request.on('information', () => {
      if (!ignoreHttp1xx) return;
      resolve('ignored');
      request.destroy();
    });
    request.on('response', (response) => {
      const { statusCode = 0, statusMessage = '' } = response;
      response.destroy();
      resolve(
        statusCode >= 200 && statusCode < 400 ? { healthy: true } : { healthy: false, cause: `${statusCode} ${statusMessage}`.trim() },
      );
    });
    request.end();
  });
}

function connectOnce({ host, port }: Probe, signal: AbortSignal): Promise<ProbeOutcome> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      resolve({ healthy: true });
      socket.destroy();
    });
  });
}
