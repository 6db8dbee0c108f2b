import type { AppConfiguration } from './app-definition.js';
import { appIdProblem } from './app-id.js';
import { constraintProblem } from './constraint.js';

export interface Problem {
  /** Of the field, "/healthChecks(0)/portIndex". */
  readonly path: string;
  readonly message: string;
}

/** What is wrong with an app as a whole; each field by itself has been looked at before. */
export function appProblems(id: string, app: AppConfiguration): Problem[] {
  return [
    ...problem('/id', appIdProblem(id)),
    ...commandProblems(app),
    ...portProblems(app),
    ...app.healthChecks.flatMap((check, index) => {
      const path = `/healthChecks(${index})`;
      if (check.protocol === 'COMMAND')
        return problem(`${path}/command`, check.command ? undefined : 'must be given for the protocol COMMAND');
      const last = app.portDefinitions.length - 1;
      const outside = check.port === undefined && (check.portIndex ?? 0) > last;
      return problem(`${path}/portIndex`, outside ? `is ${check.portIndex ?? 0}, but the app has ${last + 1} port(s)` : undefined);
    }),
    ...commandCheckProblems(app),
    ...app.constraints.flatMap((constraint, index) => problem(`/constraints(${index})`, constraintProblem(constraint))),
  ];
}

const problem = (path: string, message: string | undefined): Problem[] => (message === undefined ? [] : [{ path, message }]);

function commandProblems({ cmd, args = [] }: AppConfiguration): Problem[] {
  if (cmd === undefined && args.length === 0) return problem('/cmd', 'cmd or args must be given');
  return problem('/cmd', cmd !== undefined && args.length > 0 ? 'cmd and args must not both be given' : undefined);
}

function portProblems({ portDefinitions, requirePorts }: AppConfiguration): Problem[] {
  const names = portDefinitions.flatMap(({ name }) => name ?? []);
  const fixed = portDefinitions.map(({ port }) => port).filter((port) => port !== 0);
  return [
    ...problem('/portDefinitions', new Set(names).size < names.length ? 'port names must differ' : undefined),
    ...problem('/portDefinitions', requirePorts && new Set(fixed).size < fixed.length ? 'ports must differ' : undefined),
  ];
}

function commandCheckProblems({ healthChecks }: AppConfiguration): Problem[] {
  const many = healthChecks.filter(({ protocol }) => protocol === 'COMMAND').length > 1;
  return problem('/healthChecks', many ? 'Mesos makes one COMMAND check a task; more than one is given' : undefined);
}
