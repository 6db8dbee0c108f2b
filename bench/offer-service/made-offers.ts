import type { Event, Offer } from '@streams-on-mesos/mesos';

export const offerOf = (id: string, agent: number): Offer => ({
  id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-O${id}` },
  framework_id: { value: 'framework-1' },
  agent_id: { value: `2efd329e-8cf3-4e8c-b124-b68caf132cb5-S${agent}` },
  hostname: `agent-${agent}.example`,
  allocation_info: { role: '*' },
  attributes: [{ name: 'zone', type: 'TEXT', text: { value: `z${agent % 8}` } }],
  resources: [
    { name: 'cpus', type: 'SCALAR', scalar: { value: 8 }, allocation_info: { role: '*' } },
    { name: 'mem', type: 'SCALAR', scalar: { value: 16_384 }, allocation_info: { role: '*' } },
    { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31_000, end: 32_000 }] }, allocation_info: { role: '*' } },
  ],
});

export const offersEvent = (burst: string, count: number): Event => ({
  type: 'OFFERS',
  offers: { offers: Array.from({ length: count }, (_, n) => offerOf(`${burst}-${n}`, n)) },
});
