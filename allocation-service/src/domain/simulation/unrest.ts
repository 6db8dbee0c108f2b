import { runtimeCounts } from '../views/scaling-view.js';
import { isOver, sameWindow, windowOf } from '../maintenance/window.js';
import type { ModelTask } from './model/agent.js';
import type { World } from './world.js';

/** What is not yet as it should be; empty: all is quiet and right. */
export const unrest = (world: World): string[] => {
  const { leader } = world;
  if (leader === undefined) return ['no leader'];
  const wrong: string[] = [];
  const { num_of_live_node: live } = runtimeCounts(leader.state);
  if (live !== world.nodes) wrong.push(`${live} nodes live, ${world.nodes} wanted`);
  const { general_config: size } = leader.state.scaling ?? {};
  for (const node of leader.state.requests.get('scaling')?.resources ?? []) {
    const isCurrent = node.requested.cpus === size?.cpu_of_node && node.requested.mem === size?.mem_of_node;
    if (node.endedAt === undefined && !isCurrent) wrong.push(`${node.id} has a former size`);
  }
  for (const resource of leader.state.resources.values()) {
    if (resource.state === 'STOPPING') wrong.push(`${resource.id} is still STOPPING`);
  }
  for (const task of world.mesos.tasks.values()) {
    if (task.alive && leader.state.tasks.get(task.id)?.supersededAt !== undefined) wrong.push(`${task.id} runs for nobody`);
    if (task.alive && !leader.state.tasks.has(task.id)) wrong.push(`${task.id} is unknown`);
    wrong.push(...untold(world, task));
  }
  for (const client of world.clients) wrong.push(...unrestOf(world, client.id));
  return wrong;
};

const unrestOf = (world: World, clientId: string): string[] => {
  const client = world.clients.find(({ id }) => id === clientId);
  const resources = [...(world.leader?.state.resources.values() ?? [])].filter(({ request }) => request.owner === clientId);
  if (client === undefined) return [];
  const wrong: string[] = [];
  if (client.waiting > 0) wrong.push(`${clientId} waits for ${client.waiting} answers`);
  for (const { id, requestState, endedAt } of resources) {
    if (requestState === 'REQUEST_PENDING' && endedAt === undefined) wrong.push(`${id} is still PENDING`);
    if (requestState === 'REQUEST_NEW') wrong.push(`${id} is not settled`);
  }
  const allocated = resources.filter(({ requestState }) => requestState === 'REQUEST_ALLOCATED').map(({ id }) => id);
  if (allocated.sort().join() !== client.held.join()) wrong.push(`${clientId} has ${allocated.join()} and thinks ${client.held.join()}`);
  return wrong;
};

/** The owner of what is ALLOCATED knows whether its agent is to be maintained, and when. */
const untold = ({ leader, now }: World, { id, agent, alive }: ModelTask): string[] => {
  const task = leader?.state.tasks.get(id);
  const resource = leader?.state.resources.get(task?.resourceId ?? '');
  if (!alive || resource?.task !== task || resource?.requestState !== 'REQUEST_ALLOCATED' || resource.request.owner === 'scaling')
    return [];
  const planned = agent.unavailability && windowOf(agent.unavailability);
  const told = resource.maintenance?.calledOff === false ? resource.maintenance.window : undefined;
  if (planned !== undefined && isOver(planned, now)) return [];
  const isRight = planned === undefined ? told === undefined : told !== undefined && sameWindow(planned, told);
  return isRight ? [] : [`the owner of ${resource.id} was told ${JSON.stringify(told)}, ${JSON.stringify(planned)} is planned`];
};
