// What every server of Mesos tells of itself, leading or not (src/version/version.cpp; libprocess: metrics.cpp, system.hpp).
import { cpus, freemem, loadavg, totalmem } from 'node:os';
import { Router } from 'express';
import { versionInfo } from '../master/views/version.js';
import { sendJson, sendText } from './answers.js';
import { queryOf } from './requests.js';

export type Metrics = Readonly<Record<string, number>>;

export const systemMetrics = (): Metrics => {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return {
    'system/cpus_total': cpus().length,
    'system/load_15min': fifteen,
    'system/load_1min': one,
    'system/load_5min': five,
    'system/mem_free_bytes': freemem(),
    'system/mem_total_bytes': totalmem(),
  };
};

const systemStats = (): Metrics => {
  const metrics = systemMetrics();
  return {
    avg_load_1min: metrics['system/load_1min'] ?? 0,
    avg_load_5min: metrics['system/load_5min'] ?? 0,
    avg_load_15min: metrics['system/load_15min'] ?? 0,
    cpus_total: metrics['system/cpus_total'] ?? 0,
    mem_total_bytes: metrics['system/mem_total_bytes'] ?? 0,
    mem_free_bytes: metrics['system/mem_free_bytes'] ?? 0,
  };
};

/** stout/duration.hpp, Duration::parse */
const timeoutError = (text: string): string | undefined => {
  const match = /^([-+]?(?:\d+\.?\d*|\.\d+))([^\d.].*)?$/.exec(text);
  if (match?.[2] === undefined) return `Invalid duration '${text}'`;
  if (!/^(ns|us|ms|secs|mins|hrs|days|weeks)$/.test(match[2])) return `Unknown duration unit '${match[2]}'`;
  return undefined;
};

/** In the order of their names, as Mesos keeps them. */
export const sorted = (metrics: Metrics): Metrics =>
  Object.fromEntries(Object.entries(metrics).sort(([left], [right]) => (left < right ? -1 : 1)));

export const processRoutes = (metrics: () => Metrics): Router => {
  const router = Router({ caseSensitive: true });
  router.all('/version{/*rest}', (request, response) => sendJson(response, versionInfo, queryOf(request)['jsonp']));
  router.all('/system/stats.json{/*rest}', (request, response) => sendJson(response, systemStats(), queryOf(request)['jsonp']));
  router.all('/metrics/snapshot{/*rest}', (request, response) => {
    const { timeout, jsonp } = queryOf(request);
    const error = timeout === undefined ? undefined : timeoutError(timeout);
    if (error !== undefined) return sendText(response, { status: 400, body: `Invalid timeout '${timeout}': ${error}.\n` });
    sendJson(response, sorted(metrics()), jsonp);
  });
  return router;
};
