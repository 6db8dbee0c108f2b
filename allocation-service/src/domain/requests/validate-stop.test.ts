import type { ValidateStop } from '@streams-on-mesos/messages';
import { describe, expect, it } from 'vitest';
import { offer } from '../testing/builders.js';
import { Scenario } from '../testing/scenario.js';

const ask = (story: Scenario, body: ValidateStop) => story.ask({ kind: 'validate_stop', validate_stop: body });

const inUse = (count = 1): Scenario => {
  const story = Scenario.leading();
  story.putNodes(1);
  story.allocate({ count });
  return story;
};

describe('validateStop', () => {
  it('refuses while a client has resources or waits for some, and names them', () => {
    const story = inUse(12);
    const { error } = ask(story, { client_id: 'client-1' });
    expect(error?.code).toBe('CONFLICT');
    expect(error?.message).toMatch(/in use: resource_1 \(NEW\), .* and 2 more; release them, or set force/);
  });

  it('is forced by who insists, and changes nothing', () => {
    const story = inUse();
    expect(ask(story, { client_id: 'client-1', force: true }).done).toEqual({});
    expect(story.resource(1).state).toBe('NEW');
  });

  it('lets go who has nothing, whatever others have, once what was stopped has ended', () => {
    const story = inUse();
    expect(ask(story, { client_id: 'client-2' }).done).toEqual({});
    story.offers(offer('o1')).status('streams_resource_1_0', 'TASK_RUNNING');
    story.release(['resource_1']);
    expect(story.resource(1).state).toBe('STOPPING');
    expect(ask(story, { client_id: 'client-1' }).error?.message).toContain('resource_1 (STOPPING)');
    story.status('streams_resource_1_0', 'TASK_KILLED');
    expect(ask(story, { client_id: 'client-1' }).done).toEqual({});
  });
});
