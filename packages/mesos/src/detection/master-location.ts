import type { MasterInfo } from '../generated/protocol.js';
import { decodeMasterInfoBytes } from '../codec/protobuf-codec.js';
import { messageForm } from '../codec/message-form.js';
import { schema } from '../codec/schema.js';

/** Where the leading master is. */
export interface MasterLocation {
  /** `http(s)://host:port`, without a path. */
  readonly url: string;
  /** What it registered in ZooKeeper. */
  readonly masterInfo?: MasterInfo | undefined;
}

/** What a node of the masters' group is: its name has a label and a sequence number of ten digits (src/zookeeper/group.cpp). */
export interface MasterNode {
  readonly name: string;
  readonly sequence: number;
}

/** The leader's node: the lowest sequence number (src/zookeeper/detector.cpp). Nodes of others, `log_replicas` for example, are ignored. */
export const leaderAmong = (children: readonly string[]): MasterNode | undefined =>
  children
    .map((name) => ({ name, match: /^(?:json\.info_|info_)?(\d{10})$/.exec(name) }))
    .flatMap(({ name, match }) => (match ? [{ name, sequence: Number(match[1]) }] : []))
    .sort((a, b) => a.sequence - b.sequence)[0];

/** The legacy field holds the four bytes in network order, read as a little-endian number. */
const legacyIp = (ip: number): string => [ip, ip >>> 8, ip >>> 16, ip >>> 24].map((byte) => byte & 0xff).join('.');

/** The ip, as Mesos's own library does; the host name where a certificate has to match it. */
const hostOf = (info: MasterInfo, scheme: string): string => {
  const ip = info.address?.ip ?? legacyIp(info.ip);
  const host = scheme === 'https' ? (info.address?.hostname ?? info.hostname ?? ip) : ip;
  return host.includes(':') ? `[${host}]` : host;
};

/** Reads `master@127.0.0.1:5050`, which is all that masters before Mesos 0.19 wrote. */
const fromPid = (pid: string, scheme: string): MasterLocation | undefined => {
  const match = /^[^@]+@([^@/\s]+:\d{1,5})$/.exec(pid.trim());
  return match ? { url: `${scheme}://${match[1]}` } : undefined;
};

/**
 * What a master wrote into its node: JSON in `json.info_…`, protobuf in `info_…` (before Mesos 0.24), else its pid.
 * @throws MessageError
 */
export const masterLocation = (node: string, data: Buffer, scheme: 'http' | 'https'): MasterLocation => {
  const plain = node.startsWith('json.info_')
    ? messageForm(schema.MasterInfo, parseJson(data), 'master_info', 'lenient')
    : node.startsWith('info_')
      ? decodeMasterInfoBytes(data)
      : undefined;
  if (plain === undefined) {
    const location = fromPid(data.toString('utf8'), scheme);
    if (location === undefined) throw new Error('neither JSON, nor protobuf, nor name@host:port');
    return location;
  }
  const masterInfo = plain as unknown as MasterInfo;
  return { url: `${scheme}://${hostOf(masterInfo, scheme)}:${masterInfo.address?.port ?? masterInfo.port ?? 5050}`, masterInfo };
};

const parseJson = (data: Buffer): unknown => {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    return undefined;
  }
};

export const isSameMaster = (a: MasterLocation | undefined, b: MasterLocation | undefined): boolean =>
  a?.url === b?.url && a?.masterInfo?.id === b?.masterInfo?.id;
