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

/** One word for a POSIX shell, whatever is in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Fills a template for a shell command line. Every value stands as one quoted word, so a placeholder needs no quotes around it:
 * {resourceId} {displayName} {hostName} {domainId} {zkConnect} {installPath} {isMaster} {tags} (joined by commas).
 * Anything else in braces, and what follows a $, is the shell's and stays as it is. Which resource it became and on which host
 * is known only when it runs: allocation-service tells every task by RESOURCE_ID and RESOURCE_HOST in its environment.
 */
export const startCommand = (template: string, values: StartCommandValues): string => {
  const words: Record<string, string> = {
    resourceId: '"$RESOURCE_ID"',
    displayName: `${shellWord(`${values.resourceType}_`)}"$RESOURCE_ID"`,
    hostName: '"$RESOURCE_HOST"',
    domainId: shellWord(values.domainId),
    zkConnect: shellWord(values.zkConnect),
    installPath: shellWord(values.installPath),
    isMaster: String(values.isMaster),
    tags: shellWord(values.tags.join(',')),
  };
  return template.replace(/(?<!\$)\{(\w+)\}/g, (placeholder, name: string) => {
    return (Object.hasOwn(words, name) ? words[name] : undefined) ?? placeholder;
  });
};
