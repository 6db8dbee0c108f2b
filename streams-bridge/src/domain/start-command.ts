/** What a start command is made for. */
export interface StartCommandValues {
  readonly resourceType: string;
  readonly domainId: string;
  readonly zkConnect: string;
  readonly installPath: string;
  readonly isMaster: boolean;
  readonly tags: readonly string[];
}

/** Begins the names of the tasks of Streams: `streams_<native id>_<launch>`. */
export const TASK_PREFIX = 'streams';

/**
 * Which resource it became is known only when it runs, so the shell on the agent finds out: Mesos names a command's executor like
 * its task, and some agents also say the task's id itself.
 */
const RESOURCE_ID_PRELUDE = [
  'RESOURCE_ID="${MESOS_TASK_ID:-$MESOS_EXECUTOR_ID}"',
  `RESOURCE_ID="\${RESOURCE_ID#${TASK_PREFIX}_}"`,
  'RESOURCE_ID="${RESOURCE_ID%_*}"; ',
].join('; ');

/** One word for a POSIX shell, whatever is in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Fills a template for a shell command line. Every value stands as one quoted word, so a placeholder needs no quotes around it:
 * {resourceId} {displayName} {hostName} {domainId} {zkConnect} {installPath} {isMaster} {tags} (joined by commas).
 * Anything else in braces, and what follows a $, is the shell's and stays as it is.
 */
export const startCommand = (template: string, values: StartCommandValues): string => {
  const words: Record<string, string> = {
    resourceId: '"$RESOURCE_ID"',
    displayName: `${shellWord(`${values.resourceType}_`)}"$RESOURCE_ID"`,
    hostName: '"${RESOURCE_HOST:-$(hostname)}"',
    domainId: shellWord(values.domainId),
    zkConnect: shellWord(values.zkConnect),
    installPath: shellWord(values.installPath),
    isMaster: String(values.isMaster),
    tags: shellWord(values.tags.join(',')),
  };
  const used = new Set<string>();
  const line = template.replace(/(?<!\$)\{(\w+)\}/g, (placeholder, name: string) => {
    used.add(name);
    return (Object.hasOwn(words, name) ? words[name] : undefined) ?? placeholder;
  });
  return used.has('resourceId') || used.has('displayName') ? `${RESOURCE_ID_PRELUDE}${line}` : line;
};
