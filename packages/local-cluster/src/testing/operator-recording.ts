// What Mesos answered to operators while one framework ran one task (recordings/README.md, operator).
import { readRecording, type RecordedLine } from './recording.js';

export type RecordedExchange = Extract<RecordedLine, { kind: 'exchange' }>;

type Json = { [name: string]: Json } | Json[] | string | number | boolean | null;

/** The master had seen other frameworks before, and its agents had registered again: no cluster that starts anew has. */
const withoutThePast = (value: Json, framework: string): Json => {
  if (Array.isArray(value)) return value.map((one) => withoutThePast(one, framework));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      if (isMetricOfAnother(name, framework)) return [];
      if (/^(slaves|agents)$/.test(name) && Array.isArray(one)) return [[name, one.map(registeredOnce)]];
      if (/^completed_(frameworks|tasks)$/.test(name)) return [[name, []]];
      if (name === 'tasks' && Array.isArray(one)) return [[name, one.filter((task) => isOf(task, framework))]];
      return [[name, withoutThePast(one, framework)]];
    }),
  );
};

const registeredOnce = (agent: Json): Json => {
  if (typeof agent !== 'object' || agent === null || Array.isArray(agent)) return agent;
  const { reregistered_time: _time, ...rest } = agent;
  return rest;
};

const isMetricOfAnother = (name: string, framework: string): boolean =>
  /^master\/frameworks\/[^/]*\/[^/]*-\d{4}\//.test(name) && !name.includes(`/${framework}/`);

const isOf = (task: Json, framework: string): boolean => JSON.stringify(task).includes(`"${framework}"`);

const frameworkOf = (lines: readonly RecordedLine[]): string => {
  for (const line of lines) if (line.kind === 'event' && line.event.subscribed) return line.event.subscribed.framework_id.value;
  throw new Error('the recording subscribed nobody');
};

/** With bodies as of a master that knows this one framework only. */
export const operatorExchanges = (): RecordedExchange[] => {
  const { lines } = readRecording('operator.json');
  const framework = frameworkOf(lines);
  return lines.flatMap((line) => {
    if (line.kind !== 'exchange') return [];
    const { body = '' } = line.response;
    const known = body.startsWith('{') ? JSON.stringify(withoutThePast(JSON.parse(body) as Json, framework)) : body;
    return [{ ...line, response: { ...line.response, body: known } }];
  });
};
