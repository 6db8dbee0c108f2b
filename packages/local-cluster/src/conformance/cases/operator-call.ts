// The operator API's calls that change something.
import type { Answer } from '../../testing/wire-client.js';
import type { CaseContext } from '../case-context.js';
import { expectEqual, notRun } from '../expect.js';

export const operatorCall = (context: CaseContext, call: object): Promise<Answer> =>
  context.client.exchange({
    method: 'POST',
    path: '/api/v1',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(call),
  });

/** A call that Mesos takes (200), unless this operator may not make it. */
export const operate = async (context: CaseContext, call: { readonly type: string }): Promise<void> => {
  const { status, body } = await operatorCall(context, call);
  if (status === 401 || status === 403) notRun(`${call.type} is answered ${status}`);
  expectEqual(`the answer to ${call.type}`, { status, body }, { status: 200, body: '' });
};
