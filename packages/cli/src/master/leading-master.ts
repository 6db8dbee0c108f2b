import { detectMaster, type MasterLocation } from '@streams-on-mesos/mesos';
import { withTlsRemedy } from '@streams-on-mesos/service';
import { Failure } from '../failure.js';
import { checkedMaster, type MasterAccess } from './master-options.js';

/** Without user and password, as it may be shown. */
const shown = (master: string): string => master.replace(/\/\/[^@/]*@/, '//');

/** What detection said last of why it finds none. */
const whyNone = ({ master, error, remedy }: Readonly<Record<string, unknown>>): string =>
  error === undefined
    ? ''
    : `; ${typeof master === 'string' ? `${master}: ` : ''}${String(error)}${typeof remedy === 'string' ? `: ${remedy}` : ''}`;

/** The master that leads. @throws Failure when there is none in time */
export const leadingMaster = async (
  { master, tls, scheme }: Omit<MasterAccess, 'credentials'>,
  timeoutSecs: number,
  signal: AbortSignal,
): Promise<MasterLocation> => {
  const timeUp = AbortSignal.timeout(timeoutSecs * 1000);
  let why = '';
  const log = (_level: unknown, _message: unknown, fields: Record<string, unknown> = {}): void => {
    why = whyNone(withTlsRemedy(fields)) || why;
  };
  const options = { signal: AbortSignal.any([signal, timeUp]), scheme, tls, log };
  for await (const location of detectMaster(checkedMaster(master, scheme), options)) {
    if (location !== undefined) return location;
  }
  throw new Failure(`no master leads at ${shown(master)} (waited ${timeoutSecs} s)${why}`);
};
