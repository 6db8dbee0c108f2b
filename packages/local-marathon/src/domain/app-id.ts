const segment = /^(([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$/;
/** The HTTP API would take an app of this name for something of its parent. */
const reserved = new Set(['tasks', 'restart', 'versions', 'delay']);
const longest = 200;

/** The absolute form of an app id: one leading slash, none at the end. */
export const absoluteAppId = (id: string): string => `/${id.split('/').filter(Boolean).join('/')}`;

const segmentsOf = (appId: string): string[] => appId.split('/').filter(Boolean);

/** Why the absolute id can't be an app's, or undefined. Marathon's rule, plus a bound that keeps task ids valid as directory names. */
export function appIdProblem(appId: string): string | undefined {
  const segments = segmentsOf(appId);
  if (segments.length === 0) return 'must name an app, for example "/streams-on-mesos/offer-service"';
  const wrong = segments.find((text) => !segment.test(text));
  if (wrong !== undefined) return `"${wrong}" is not allowed: lower case letters, digits, "-" inside, "." between parts`;
  const last = segments.at(-1) ?? '';
  if (reserved.has(last)) return `must not end with "${last}", which is a part of Marathon's API`;
  return appId.length > longest ? `must not be longer than ${longest} characters` : undefined;
}

/** "/streams-on-mesos/offer-service" → "offer-service.streams-on-mesos", the name of the app's tasks in Mesos. */
export const taskNameOf = (appId: string): string => segmentsOf(appId).reverse().join('.');

/** Marathon's form of a task id; `_app` stands for the only container of an app, 1 for its first incarnation. */
export const taskIdOf = (appId: string, uuid: string): string => `${instanceIdOf(appId, uuid)}._app.1`;

const instanceIdOf = (appId: string, uuid: string): string => `${segmentsOf(appId).join('_')}.instance-${uuid}`;

/** The instance that a task is the only one of. */
export const instanceOfTask = (taskId: string): string => taskId.replace(/\._app\.\d+$/, '');
