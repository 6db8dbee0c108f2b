// How a cluster is asked, and what is known of it beforehand.
import type { Control } from './control.js';

export interface RunSettings {
  /** http://host:port of the leading master */
  readonly url: string;
  /** http://host:port of each other master of the cluster that is known. */
  readonly standbys: readonly string[];
  /** `principal:secret` for masters that want credentials. */
  readonly credential?: string | undefined;
  /** Whom frameworks and tasks run as. */
  readonly user: string;
  /** How long is waited for what must come. */
  readonly patienceMs: number;
  readonly control: Control;
}
