/**
 * Mesos's spelling of flags → commander's: `--agent_ping_timeout=1secs` → `--agent-ping-timeout=1secs`, and of those that are true or
 * false `--name` → `--name=true`, `--no-name` → `--name=false` (3rdparty/stout/include/stout/flags/flags.hpp, FlagsBase::load).
 */
export const respelled = (args: readonly string[], booleans: readonly string[]): string[] =>
  args.map((arg) => {
    const [, name, value] = /^--([^=]+)(=.*)?$/s.exec(arg) ?? [];
    if (name === undefined) return arg;
    const dashed = name.replaceAll('_', '-');
    if (value === undefined && booleans.includes(dashed)) return `--${dashed}=true`;
    const negated = dashed.replace(/^no-/, '');
    if (value === undefined && negated !== dashed && booleans.includes(negated)) return `--${negated}=false`;
    return `--${dashed}${value ?? ''}`;
  });
