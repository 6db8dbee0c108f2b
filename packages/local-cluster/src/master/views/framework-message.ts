// A framework as the operator API shows it (src/master/http.cpp, model of Framework).
import type { Response } from '../../generated/master-protocol.js';
import { offerToWire } from '../domain/allocator/offers.js';
import type { FrameworkRecord, MasterState } from '../domain/master-state.js';
import { offeredBy, usedBy } from './holdings.js';
import { fullHoldings } from './resources-view.js';
import { timeInfo } from './times.js';

export const frameworkMessage = (framework: FrameworkRecord, master: MasterState): Response.GetFrameworks.Framework => {
  const { registeredAt, reregisteredAt = registeredAt, unregisteredAt } = framework;
  const offers = [...framework.offers.values()].flatMap((offer) => {
    const agent = master.agents.get(offer.agentId);
    return agent === undefined ? [] : [offerToWire(master, offer, agent, framework)];
  });
  const inverse_offers = [...framework.inverseOffers.values()].map(({ id, agentId, unavailability }) => ({
    id: { value: id },
    framework_id: { value: framework.id },
    agent_id: { value: agentId },
    unavailability,
  }));
  return {
    framework_info: framework.info,
    active: framework.state === 'active',
    connected: framework.state === 'active',
    recovered: framework.state === 'recovered',
    registered_time: timeInfo(registeredAt),
    reregistered_time: timeInfo(reregisteredAt),
    ...(unregisteredAt === undefined ? {} : { unregistered_time: timeInfo(unregisteredAt) }),
    offers,
    inverse_offers,
    allocated_resources: fullHoldings(usedBy(framework)),
    offered_resources: fullHoldings(offeredBy(framework)),
    offer_constraints: framework.constraints ?? {},
  };
};
