import { describe, expect, it } from 'vitest';
import { absoluteAppId, appIdProblem, instanceOfTask, taskIdOf, taskNameOf } from './app-id.js';

describe('app ids', () => {
  it('are made absolute', () => {
    expect(['app', '/app', '/group/app/', '//group//app'].map(absoluteAppId)).toEqual(['/app', '/app', '/group/app', '/group/app']);
  });

  it.each(['/', '/Upper', '/under_score', '/-dash', '/a/tasks', '/a b', '/a/../b', `/${'x'.repeat(200)}`])('refuse %s', (id) => {
    expect(appIdProblem(absoluteAppId(id))).toBeTypeOf('string');
  });

  it('allow what Marathon allows', () => {
    expect(['/a', '/streams-on-mesos/offer-service', '/1.2/app-3'].map(appIdProblem)).toEqual([undefined, undefined, undefined]);
  });

  it('make task ids and names in the form of Marathon', () => {
    const taskId = taskIdOf('/streams-on-mesos/offer-service', 'b6ff5fa5-7714-11e7-a55c-5ecf1c4671f6');
    expect(taskId).toBe('streams-on-mesos_offer-service.instance-b6ff5fa5-7714-11e7-a55c-5ecf1c4671f6._app.1');
    expect(instanceOfTask(taskId)).toBe('streams-on-mesos_offer-service.instance-b6ff5fa5-7714-11e7-a55c-5ecf1c4671f6');
    expect(taskNameOf('/streams-on-mesos/offer-service')).toBe('offer-service.streams-on-mesos');
  });
});
