// How a request is refused by HTTP.
import type { Answer } from '../../testing/wire-client.js';
import { expectEqual, expectMatch } from '../expect.js';

export const expectRefusal = (what: string, answer: Answer, status: number, body: string): void => {
  expectEqual(what, { status: answer.status, body: answer.body }, { status, body });
  expectMatch(`${what}, content type`, answer.headers['content-type'], /^text\/plain/);
};

export const invalid = (reason: string): string => `Failed to validate scheduler::Call: ${reason}`;
