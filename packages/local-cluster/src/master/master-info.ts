import { randomUUID } from 'node:crypto';
import type { MasterInfo } from '../generated/protocol.js';

/** network order, as inet_addr gives it on a little-endian machine, which is what Mesos publishes */
const ipNumber = (ip: string): number => ip.split('.').reduceRight((sum, part) => sum * 256 + Number(part), 0);

/** Of a new process of a master (src/master/master.cpp, Master::initialize). */
export const masterInfo = (ip: string, port: number): MasterInfo => ({
  id: randomUUID(),
  ip: ipNumber(ip),
  port,
  pid: `master@${ip}:${port}`,
  hostname: ip,
  version: '1.12.0',
  address: { hostname: ip, ip, port },
  capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
});
