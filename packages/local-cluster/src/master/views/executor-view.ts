// An executor in /state and /frameworks (src/common/http.cpp, json of ExecutorInfo and CommandInfo).
import type { CommandInfo, ExecutorInfo } from '../../generated/protocol.js';
import { fromWire } from '../../resources/resources.js';
import type { ExecutorRecord } from '../domain/master-state.js';
import { resourcesView, type View } from './resources-view.js';

const commandView = ({ shell, value, arguments: argv = [], environment, uris = [] }: CommandInfo): View => ({
  ...(shell === undefined ? {} : { shell }),
  ...(value === undefined ? {} : { value }),
  argv,
  ...(environment === undefined ? {} : { environment }),
  uris: uris.map((uri) => ({ value: uri.value, executable: uri.executable ?? false })),
});

const executorInfoView = (info: ExecutorInfo, frameworkId: string): View => ({
  executor_id: info.executor_id?.value ?? '',
  name: info.name ?? '',
  framework_id: frameworkId,
  command: commandView(info.command ?? {}),
  resources: resourcesView(fromWire(info.resources)),
  ...(info.labels === undefined ? {} : { labels: info.labels.labels ?? [] }),
  ...(info.type === undefined ? {} : { type: info.type }),
});

export const executorView = ({ info, frameworkId, agentId, role }: ExecutorRecord): View => ({
  ...executorInfoView(info, frameworkId),
  ...((info.resources ?? []).length === 0 ? {} : { role }),
  slave_id: agentId,
});
