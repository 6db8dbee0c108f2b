import type { InverseOffer, Offer, Unavailability } from '@streams-on-mesos/mesos';
import { beforeEach, describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';
import { agentView } from '../views/agent-view.js';

const HOUR = 3_600_000;
const from = (startMs: number, durationMs?: number): Unavailability => ({
  start: { nanoseconds: startMs * 1e6 },
  ...(durationMs !== undefined && { duration: { nanoseconds: durationMs * 1e6 } }),
});

/** A story with clients' resources and nodes on agents, of which Mesos asks some back. */
class Maintained {
  readonly story = Scenario.leading();
  #offers = 0;

  offer(agent: string, unavailability?: Unavailability): Offer {
    this.#offers += 1;
    return { ...offer(`o${this.#offers}`, { agent }), ...(unavailability && { unavailability }) };
  }

  /** Makes a resource of a client run on an agent; it is ALLOCATED, and its owner knows. */
  allocated(agent: string, requestId = 'request-1', unavailability?: Unavailability): string {
    const reply = this.story.allocate({ request_id: requestId });
    const id = reply.resources?.resources?.[0]?.id ?? '';
    // What is near maintenance is used only when nothing else has had room for a while.
    if (unavailability !== undefined) this.story.offers(this.offer(agent, unavailability)).wait(6);
    this.story.offers(this.offer(agent, unavailability));
    this.story.status(this.story.launched.at(-1)?.task_id.value ?? '', 'TASK_RUNNING').wait(3);
    expect(this.story.settle(requestId).settled?.outcomes?.[0]?.allocated).toBe(true);
    return id;
  }

  ask(id: string, agent: string, unavailability: Unavailability): this {
    const inverse: InverseOffer = {
      id: { value: id },
      framework_id: { value: 'framework-1' },
      agent_id: { value: agent },
      unavailability,
    };
    this.story.send({ type: 'inverse-offers', subscription: this.story.subscription, inverseOffers: [inverse] });
    return this;
  }

  rescind(...inverseOfferIds: string[]): this {
    this.story.send({ type: 'rescinded-inverse-offers', subscription: this.story.subscription, inverseOfferIds });
    return this;
  }

  get warned(): unknown[] {
    return this.story.clientEvents
      .filter(({ kind }) => kind === 'REVOKE_IMMINENT')
      .map(({ resources }) => [resources?.[0]?.id, resources?.[0]?.maintenance?.start_ms]);
  }

  get answers(): unknown[] {
    return this.story.calls.flatMap(({ call: { accept_inverse_offers: accept, decline_inverse_offers: decline } }) => [
      ...(accept === undefined ? [] : [['ACCEPT', ...(accept.inverse_offer_ids ?? [])]]),
      ...(decline === undefined ? [] : [['DECLINE', ...(decline.inverse_offer_ids ?? [])]]),
    ]);
  }

  maintenanceOf(agent: string): unknown {
    return agentView(this.story.state, agent, this.story.now).maintenance;
  }
}

let world: Maintained;
let story: Scenario;
let later: number;
beforeEach(() => {
  world = new Maintained();
  ({ story } = world);
  later = story.now + 10 * HOUR;
});

describe('owners of what is ALLOCATED on an agent that is to be maintained', () => {
  it('are told in the write that says of which window, and see it in the resource and the agent', () => {
    const id = world.allocated('a1');
    const other = world.allocated('a2', 'request-2');
    story.forget();
    world.ask('i1', 'a1', from(later, HOUR));
    expect(world.warned).toEqual([[id, later]]);
    const window = { start_ms: later, duration_ms: HOUR };
    expect(story.record('resource', id)).toMatchObject({ maintenance: { window, calledOff: false } });
    expect(story.events(0, 'client-1').events?.at(-1)).toMatchObject({ kind: 'REVOKE_IMMINENT', resources: [{ id, maintenance: window }] });
    expect(story.resource(0).maintenance).toEqual(window);
    expect(story.resource(1)).toMatchObject({ id: other });
    expect(story.resource(1)).not.toHaveProperty('maintenance');
    expect(world.maintenanceOf('a1')).toEqual({ ...window, is_near: false });
  });

  it('are told once for each window: of one that is said again, was called off and is planned again, or that another leader hears of, nothing', () => {
    const id = world.allocated('a1');
    world.ask('i1', 'a1', from(later)).ask('i1', 'a1', from(later)).rescind('i1');
    expect(story.resource(0)).not.toHaveProperty('maintenance');
    world.ask('i2', 'a1', from(later));
    expect(story.resource(0).maintenance).toEqual({ start_ms: later });
    story.restart().subscribe();
    world.ask('i3', 'a1', from(later));
    expect(world.warned).toEqual([[id, later]]);
  });

  it('are told again when the window is moved, also back', () => {
    const id = world.allocated('a1');
    world
      .ask('i1', 'a1', from(later))
      .rescind('i1')
      .ask('i2', 'a1', from(later + HOUR))
      .rescind('i2')
      .ask('i3', 'a1', from(later));
    expect(world.warned).toEqual([
      [id, later],
      [id, later + HOUR],
      [id, later],
    ]);
  });

  it('are told by an offer too, and an offer without the window calls it off', () => {
    const id = world.allocated('a1');
    story.offers(world.offer('a1', from(later)));
    expect(world.warned).toEqual([[id, later]]);
    story.offers(world.offer('a1'));
    expect(story.resource(0)).not.toHaveProperty('maintenance');
    expect(world.maintenanceOf('a1')).toBeUndefined();
  });

  it('are told of a window known before, once the resource is ALLOCATED: after the number that the settled answer names', () => {
    const id = world.allocated('a1', 'request-1', from(later));
    const { sequence = -1 } = story.settle().settled ?? {};
    expect(story.events(sequence, 'client-1').events).toMatchObject([{ kind: 'REVOKE_IMMINENT', resources: [{ id }] }]);
    const pending = story.allocate({ request_id: 'request-2' }).resources?.resources?.[0]?.id;
    story.settle('request-2');
    story.offers(world.offer('a1', from(later)));
    story.status(story.launched.at(-1)?.task_id.value ?? '', 'TASK_RUNNING').wait(3);
    expect(story.events(0, 'client-1').events?.map(({ kind, resources }) => [kind, resources?.[0]?.id])).toEqual([
      ['REVOKE_IMMINENT', id],
      ['ALLOCATED', pending],
      ['REVOKE_IMMINENT', pending],
    ]);
  });

  it('are not told of a window that is over, nor of what they have given back', () => {
    world.allocated('a1');
    world.ask('i1', 'a1', from(story.now - 2 * HOUR, HOUR));
    story.release(['resource_0']);
    world.ask('i2', 'a1', from(later));
    expect(world.warned).toEqual([]);
  });
});

describe('what is heard of maintenance', () => {
  it('is believed until inverse offers stay away for three times as long as they should: it was called off after the answer', () => {
    world.allocated('a1');
    world.ask('i1', 'a1', from(later));
    story.wait(60);
    world.ask('i2', 'a1', from(later));
    story.wait(179);
    expect(story.resource(0)).toHaveProperty('maintenance');
    story.wait(2);
    expect(story.resource(0)).not.toHaveProperty('maintenance');
  });

  it('is kept while there is no subscription, and over a change of the leader', () => {
    world.allocated('a1');
    world.ask('i1', 'a1', from(later));
    story.send({ type: 'unsubscribed', subscription: story.subscription }).wait(1_000);
    expect(world.maintenanceOf('a1')).toMatchObject({ start_ms: later });
    story.restart();
    expect(world.maintenanceOf('a1')).toMatchObject({ start_ms: later });
    story.subscribe().wait(200);
    expect(world.maintenanceOf('a1')).toBeUndefined();
  });

  it('of another subscription, and what comes behind its own rescind, is passed over', () => {
    world.allocated('a1');
    const before = story.subscription;
    story.resubscribe();
    story.send({
      type: 'inverse-offers',
      subscription: before,
      inverseOffers: [{ id: { value: 'i1' }, framework_id: { value: 'f' }, agent_id: { value: 'a1' }, unavailability: from(later) }],
    });
    world.rescind('i2').ask('i2', 'a1', from(later));
    expect([world.warned, world.answers]).toEqual([[], []]);
  });

  it('with times beyond what a number holds, as Mesos sends them, is told to the millisecond', () => {
    world.allocated('a1');
    world.ask('i1', 'a1', { start: { nanoseconds: '1795225312724000001' } });
    expect(story.resource(0).maintenance).toEqual({ start_ms: 1_795_225_312_724 });
  });
});

describe('the answer to an inverse offer', () => {
  it('is DECLINE while a client has something there, with the reason in the log, and ACCEPT when all is being given back', () => {
    const id = world.allocated('a1');
    story.forget();
    world.ask('i1', 'a1', from(later));
    expect(story.effects).toContainEqual(
      expect.objectContaining({
        type: 'log',
        fields: expect.objectContaining({
          agent: 'a1',
          answer: 'DECLINE',
          reason: expect.stringMatching(/client/) as unknown,
          resources: [id],
        }) as unknown,
      }),
    );
    story.release([id]);
    world.ask('i2', 'a1', from(later)).ask('i3', 'nothing-here', from(later));
    expect(world.answers).toEqual([
      ['DECLINE', 'i1'],
      ['ACCEPT', 'i2'],
      ['ACCEPT', 'i3'],
    ]);
    expect(story.calls.at(-1)?.call.accept_inverse_offers?.refuse_seconds).toBe(60);
  });

  it('is DECLINE for what is not ALLOCATED yet, and given once to one that comes twice', () => {
    story.allocate();
    story.offers(world.offer('a1')).forget();
    world.ask('i1', 'a1', from(later)).ask('i1', 'a1', from(later));
    expect(world.answers).toEqual([['DECLINE', 'i1']]);
    expect(world.warned).toEqual([]);
  });

  it('to one that names no agent is about all that there is', () => {
    const about = (id: string) => ({ id: { value: id }, framework_id: { value: 'f' }, unavailability: from(later) });
    story.send({ type: 'inverse-offers', subscription: story.subscription, inverseOffers: [about('i1')] });
    world.allocated('a1');
    story.send({ type: 'inverse-offers', subscription: story.subscription, inverseOffers: [about('i2')] });
    expect(world.answers).toEqual([
      ['ACCEPT', 'i1'],
      ['DECLINE', 'i2'],
    ]);
  });
});

describe('scaled nodes on an agent that is to be maintained', () => {
  /** One node runs on a1. */
  const node = (): void => {
    story.putNodes(1);
    story.offers(world.offer('a1'));
    story.status('node_resource_0_0', 'TASK_RUNNING').wait(3);
    story.forget();
  };
  const runNext = (number: number, agent: string, unavailability?: Unavailability): void => {
    story.offers(world.offer(agent, unavailability));
    story.status(`node_resource_${number}_0`, 'TASK_RUNNING').wait(3);
  };

  it('are accepted for, and replaced when it is near: new before old, and none of it is told to clients', () => {
    node();
    world.ask('i1', 'a1', from(later));
    expect(world.answers).toEqual([['ACCEPT', 'i1']]);
    story.wait(1);
    expect(story.state.resources.size).toBe(1);
    story.now = later - HOUR;
    world.ask('i2', 'a1', from(later));
    story.wait(1);
    expect(story.resource(0)).toMatchObject({ state: 'RUNNING', maintenance: { start_ms: later } });
    expect(story.killed).toEqual([]);
    runNext(1, 'a2');
    expect(story.killed).toEqual(['node_resource_0_0']);
    expect(story.clientEvents).toEqual([]);
  });

  it('are replaced once for a window: where no other agent has room the new node stays', () => {
    node();
    const window = from(story.now + 600_000);
    world.ask('i1', 'a1', window);
    story.wait(1).offers(world.offer('a1', window)).wait(6);
    runNext(1, 'a1', window);
    expect(story.killed).toEqual(['node_resource_0_0']);
    story.status('node_resource_0_0', 'TASK_KILLED');
    world.ask('i2', 'a1', window);
    story.wait(10);
    expect(story.resource(1)).toMatchObject({ state: 'RUNNING', request_state: 'REQUEST_ALLOCATED' });
    expect(story.state.resources.size).toBe(2);
  });

  it('stay when it is called off before another node runs, and are replaced for the next window', () => {
    node();
    world.ask('i1', 'a1', from(story.now + 600_000));
    story.wait(1);
    expect(story.state.waiting.size).toBe(1);
    world.rescind('i1');
    story.wait(1);
    expect(story.state.waiting.size).toBe(0);
    expect(story.resource(0)).toMatchObject({ state: 'RUNNING' });
    world.ask('i2', 'a1', from(story.now + 900_000));
    story.wait(1);
    expect(story.state.waiting.size).toBe(1);
  });
});
