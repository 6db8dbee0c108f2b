export { localMarathonVersion, startLocalMarathon } from './start-local-marathon.js';
export type { LocalMarathon, LocalMarathonOptions } from './start-local-marathon.js';
export { StateFileError } from './storage/state-file.js';
export { FailedOverError } from './mesos/notices.js';
