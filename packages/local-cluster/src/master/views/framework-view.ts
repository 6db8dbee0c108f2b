// A framework in /state, /frameworks and /state-summary (src/master/readonly_handler.cpp, FullFrameworkWriter and json of Summary).
import { add } from '../../resources/resources.js';
import type { FrameworkRecord, OfferRecord } from '../domain/master-state.js';
import { hasCapability } from '../domain/validation/framework-info.js';
import { executorView } from './executor-view.js';
import { offeredBy, total, usedBy } from './holdings.js';
import { resourcesView, type View } from './resources-view.js';
import { taskView } from './task-view.js';
import { seconds } from './times.js';

const offerView = (offer: OfferRecord): View => ({
  id: offer.id,
  framework_id: offer.frameworkId,
  allocation_info: { role: offer.role },
  slave_id: offer.agentId,
  resources: resourcesView(offer.resources),
});

export const frameworkSummary = (framework: FrameworkRecord): View => {
  const { info } = framework;
  return {
    id: framework.id,
    name: info.name,
    used_resources: resourcesView(total(usedBy(framework))),
    offered_resources: resourcesView(total(offeredBy(framework))),
    capabilities: (info.capabilities ?? []).map(({ type }) => type ?? 'UNKNOWN'),
    hostname: info.hostname ?? '',
    webui_url: info.webui_url ?? '',
    active: framework.state === 'active',
    connected: framework.state === 'active',
    recovered: framework.state === 'recovered',
  };
};

export const frameworkView = (framework: FrameworkRecord): View => {
  const { info } = framework;
  const { registeredAt, reregisteredAt, unregisteredAt, tasks, unreachableTasks, completedTasks, executors } = framework;
  return {
    ...frameworkSummary(framework),
    user: info.user,
    failover_timeout: info.failover_timeout ?? 0,
    checkpoint: info.checkpoint ?? false,
    registered_time: seconds(registeredAt),
    unregistered_time: seconds(unregisteredAt),
    ...(info.principal === undefined ? {} : { principal: info.principal }),
    resources: resourcesView(add(total(usedBy(framework)), total(offeredBy(framework)))),
    ...(reregisteredAt === undefined || reregisteredAt === registeredAt ? {} : { reregistered_time: seconds(reregisteredAt) }),
    ...(hasCapability(info, 'MULTI_ROLE') ? { roles: info.roles ?? [] } : { role: info.role ?? '*' }),
    tasks: [...tasks.values()].map(taskView),
    unreachable_tasks: [...unreachableTasks.values()].map(taskView),
    completed_tasks: completedTasks.map(taskView),
    offers: [...framework.offers.values()].map(offerView),
    executors: [...executors.values()].map(executorView),
    ...(info.labels === undefined ? {} : { labels: info.labels.labels ?? [] }),
    offer_constraints: framework.constraints ?? {},
  };
};
