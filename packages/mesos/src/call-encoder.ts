import type { SchedulerCallBody } from './calls.js';
import type { Codec } from './codec/codec.js';
import { fitCall, type Feature } from './domain/master-version.js';
import type { Call } from './generated/protocol.js';
import type { Log } from './scheduler-client-settings.js';

/** UPDATE_FRAMEWORK names the framework twice, and the master compares (src/master/validation.cpp). */
export const withFrameworkId = (call: SchedulerCallBody, frameworkId: string): Call => {
  const id = { value: frameworkId };
  const { update_framework: update } = call;
  return {
    ...call,
    framework_id: id,
    ...(update && { update_framework: { ...update, framework_info: { ...update.framework_info, id } } }),
  };
};

/** Makes the bytes of calls. What a master is too old for stays away, and the log says so once. */
export class CallEncoder {
  /** Features that the log has told of. */
  readonly #leftOut = new Set<Feature>();

  constructor(
    private readonly codec: Codec,
    private readonly log: Log,
  ) {}

  /**
   * The call as a master of this version takes it; undefined when it would refuse the whole call.
   * @throws MessageError naming the field that is wrong
   */
  encode(call: Call, masterVersion: string | undefined): Uint8Array | undefined {
    const fitted = fitCall(call, masterVersion);
    for (const { feature, since } of fitted.leftOut) {
      if (this.#leftOut.has(feature)) continue;
      this.#leftOut.add(feature);
      this.log('warn', `the master is too old for ${feature}, which is left out`, { version: masterVersion, since });
    }
    return fitted.call && this.codec.encodeCall(fitted.call);
  }
}
