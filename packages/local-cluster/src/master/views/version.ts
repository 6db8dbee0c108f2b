// What the local cluster says it is (src/version/version.cpp; src/common/build.cpp).
import type { VersionInfo } from '../../generated/protocol.js';

export const VERSION = '1.12.0';

export const versionInfo: VersionInfo = { version: VERSION, build_date: '2024-08-23 18:59:00', build_time: 1_724_439_540, build_user: '' };

/** Of every agent of this version (src/slave/constants.cpp, AGENT_CAPABILITIES). */
export const AGENT_CAPABILITIES = [
  'MULTI_ROLE',
  'HIERARCHICAL_ROLE',
  'RESERVATION_REFINEMENT',
  'RESOURCE_PROVIDER',
  'RESIZE_VOLUME',
  'AGENT_OPERATION_FEEDBACK',
  'AGENT_DRAINING',
  'TASK_RESOURCE_LIMITS',
] as const;
