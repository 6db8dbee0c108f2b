// What the recorded client did while a leading master was killed, done to a local cluster (recordings/README.md, master-failover).
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalCluster } from '../cluster/local-cluster.js';
import type { Call, Event, TaskStatus } from '../generated/protocol.js';
import type { Observed } from './replay.js';
import type { Recording } from './recording.js';
import { WireClient, type Answer, type Encoding, type Subscription } from './wire-client.js';

type Said = Pick<Answer, 'status' | 'headers' | 'body'>;

export interface FailoverSeen {
  /** By what was asked, each answer once. */
  readonly answers: Readonly<Record<string, readonly Said[]>>;
  readonly streams: Observed['streams'];
}

const REVIVE = { type: 'REVIVE' } as const;
const POLL_MS = 50;

/** Addresses by their part: a leader is who led first, a successor who led then. */
const named = (said: Said, names: ReadonlyMap<string, string>): Said => {
  const neutral = (text: string): string => [...names].reduce((sum, [address, name]) => sum.replaceAll(address, name), text);
  const { date: _date, 'mesos-stream-id': _id, ...headers } = said.headers;
  return {
    status: said.status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, neutral(String(value))])),
    body: neutral(said.body),
  };
};

class Answers {
  readonly byWhat: Record<string, Said[]> = {};

  add(what: string, said: Said): void {
    const list = (this.byWhat[what] ??= []);
    if (!list.some((one) => JSON.stringify(one) === JSON.stringify(said))) list.push(said);
  }
}

const addressIn = (location: string | undefined): string => /^\/\/([^/]+)/.exec(location ?? '')?.[1] ?? '';

/** The recorded one, likewise. */
export const seenIn = ({ lines }: Recording): FailoverSeen => {
  const locations = lines.flatMap((line) => (line.kind === 'exchange' ? [addressIn(line.response.headers.location)] : []));
  const leader = locations.find((address) => address !== '') ?? '';
  const successor = locations.findLast((address) => address !== '') ?? '';
  const names = new Map([
    [leader, 'LEADER'],
    [successor, 'SUCCESSOR'],
  ]);
  const answers = new Answers();
  const streams = new Map<number, Event[]>();
  for (const line of lines) {
    if (line.kind === 'subscribe') streams.set(line.stream, []);
    if (line.kind === 'event') streams.get(line.stream)?.push(line.event);
    if (line.kind === 'subscribe' || line.kind === 'call' || line.kind === 'exchange') {
      const { status, headers, body = '' } = line.response;
      const what = line.kind === 'exchange' ? line.what.replace(/^redirect .*/, 'redirect') : line.request.call.type;
      answers.add(what ?? '', named({ status, headers, body }, names));
    }
  }
  return { answers: answers.byWhat, streams };
};

const uuidsOf = (events: readonly Event[], state: TaskStatus['state']): string[] =>
  events.flatMap(({ update }) => (update?.status.state === state && update.status.uuid !== undefined ? [update.status.uuid] : []));

export class FailoverScript {
  private readonly answers = new Answers();
  /** Those of the masters that might become the successor. */
  private readonly ofFollowers = new Map<string, Answers>();
  private readonly leader: string;
  private readonly followers: readonly string[];
  private successor = '';

  constructor(
    private readonly cluster: LocalCluster,
    private readonly recording: Recording,
  ) {
    const masters = cluster.masters();
    this.leader = masters.find(({ condition }) => condition === 'leading')?.address ?? '';
    this.followers = masters.filter(({ address }) => address !== this.leader).map(({ address }) => address);
    for (const follower of this.followers) this.ofFollowers.set(follower, new Answers());
  }

  private get encoding(): Encoding {
    return this.recording.encoding;
  }

  async run(): Promise<FailoverSeen> {
    const { cluster } = this;
    for (const follower of this.followers) await this.ask(follower, 'scheduler call to a non-leader', { type: 'SUBSCRIBE' });
    for (const follower of this.followers) await this.askRedirect(follower);

    const first = new WireClient(`http://${this.leader}`, this.encoding);
    const one = await first.subscribe(this.recordedCall('SUBSCRIBE'));
    this.say('SUBSCRIBE', one);
    const frameworkId = await one.until('SUBSCRIBED', (events) => events.find(({ subscribed }) => subscribed)?.subscribed?.framework_id);
    const call = async (client: WireClient, on: Subscription, body: Partial<Call>): Promise<void> => {
      this.say(body.type ?? '', await client.call({ framework_id: frameworkId, ...body }, on.streamId));
    };
    const agentId = await this.launch(one, (body) => call(first, one, body));

    for (const { hostname } of cluster.agents()) void cluster.faults.set({ fault: 'partition-agent', agent: hostname });
    await cluster.faults.set({ fault: 'kill-master', master: this.leader });
    await one.untilClosed();
    await this.poll({ framework_id: frameworkId, ...REVIVE });

    const second = new WireClient(`http://${this.successor}`, this.encoding);
    const again = this.recordedCall('SUBSCRIBE').subscribe?.framework_info;
    const two = await second.subscribe({
      type: 'SUBSCRIBE',
      framework_id: frameworkId,
      subscribe: { framework_info: { ...again, user: again?.user ?? '', name: again?.name ?? '', id: frameworkId } },
    });
    this.say('SUBSCRIBE', two);
    const reconcile = { tasks: [{ task_id: { value: 'mf-run' }, agent_id: agentId }] };
    await call(second, two, { type: 'RECONCILE', reconcile });
    // The recorded agents came back a little later, too.
    await cluster.faults.clear();
    const uuids = await two.until('RUNNING, twice', (events) => {
      const found = uuidsOf(events, 'TASK_RUNNING');
      return found.length === 2 ? found : undefined;
    });
    for (const uuid of uuids)
      await call(second, two, { type: 'ACKNOWLEDGE', acknowledge: { agent_id: agentId, task_id: { value: 'mf-run' }, uuid } });
    await two.until('offers of both agents', (events) =>
      new Set(events.flatMap(({ offers }) => (offers?.offers ?? []).map(({ hostname }) => hostname))).size === 2 ? true : undefined,
    );
    await call(second, two, { type: 'RECONCILE', reconcile });
    await two.until('its latest state', (events) =>
      events.find(({ update }) => update?.status.message === 'Reconciliation: Latest task state'),
    );
    await call(second, two, { type: 'TEARDOWN' });
    await two.untilClosed();
    for (const client of [first, second]) client.close();
    return {
      answers: { ...this.answers.byWhat, ...this.ofFollowers.get(this.successor)?.byWhat },
      streams: new Map([
        [1, one.events],
        [2, two.events],
      ]),
    };
  }

  /** The recorded task on the recorded agent; its first status is acknowledged, its second one not. */
  private async launch(stream: Subscription, call: (body: Partial<Call>) => Promise<void>): Promise<{ readonly value: string }> {
    const recorded = this.recordedCall('ACCEPT').accept;
    const hostname = this.recording.lines
      .flatMap((line) => (line.kind === 'event' ? (line.event.offers?.offers ?? []) : []))
      .find(({ id }) => id.value === recorded?.offer_ids?.[0]?.value)?.hostname;
    const offer = await stream.until('its offer', (events) =>
      events.flatMap(({ offers }) => offers?.offers ?? []).find((one) => one.hostname === hostname),
    );
    const tasks = recorded?.operations?.[0]?.launch?.task_infos ?? [];
    const infos = tasks.map((task) => ({ ...task, agent_id: offer.agent_id }));
    await call({ type: 'ACCEPT', accept: { offer_ids: [offer.id], operations: [{ type: 'LAUNCH', launch: { task_infos: infos } }] } });
    const uuid = await stream.until('STARTING', (events) => uuidsOf(events, 'TASK_STARTING')[0]);
    await call({ type: 'ACKNOWLEDGE', acknowledge: { agent_id: offer.agent_id, task_id: { value: 'mf-run' }, uuid } });
    await stream.until('RUNNING', (events) => uuidsOf(events, 'TASK_RUNNING')[0]);
    return offer.agent_id;
  }

  /** Until one of the followers leads. */
  private async poll(body: Partial<Call>): Promise<void> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(POLL_MS))
      for (const follower of this.followers) {
        const status = await this.ask(follower, 'scheduler call during failover', body);
        if (status === 400) this.successor = follower;
        await this.askRedirect(follower);
        if (this.successor !== '') return;
      }
    throw new Error('no other master leads');
  }

  private async ask(address: string, what: string, body: Partial<Call>): Promise<number> {
    const client = new WireClient(`http://${address}`, 'json');
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
    const answer = await client.exchange({ method: 'POST', path: '/api/v1/scheduler', headers, body: JSON.stringify(body) });
    client.close();
    this.ofFollowers.get(address)?.add(what, named(answer, this.names(address)));
    return answer.status;
  }

  private async askRedirect(address: string): Promise<void> {
    const client = new WireClient(`http://${address}`, 'json');
    const answer = await client.exchange({ method: 'GET', path: '/redirect' });
    this.ofFollowers.get(address)?.add('redirect', named(answer, this.names(address)));
    client.close();
  }

  private say(what: string, { status, headers, body }: Said | Subscription): void {
    this.answers.add(what, named({ status, headers, body: typeof body === 'string' ? body : '' }, new Map()));
  }

  /** Who is asked while it follows may become the successor. */
  private names(asked: string): ReadonlyMap<string, string> {
    return new Map([
      [this.leader, 'LEADER'],
      [asked, 'SUCCESSOR'],
    ]);
  }

  private recordedCall(type: Call.Type): Partial<Call> {
    for (const line of this.recording.lines)
      if ((line.kind === 'subscribe' || line.kind === 'call') && line.request.call.type === type) return line.request.call;
    throw new Error(`the recording has no ${type}`);
  }
}
