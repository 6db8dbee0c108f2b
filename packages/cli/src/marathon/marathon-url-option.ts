import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../failure.js';

const fault = (text: string): string | undefined =>
  /^https?:\/\/[^/]+/.test(text) && URL.canParse(text) ? undefined : 'must be a URL such as http://localhost:8080';

/** Where Marathon is, for the commands that speak to it. @throws UsageError when the environment says what is no URL */
export const marathonUrlOption = (env: NodeJS.ProcessEnv): Option => {
  const preset = env['MARATHON_URL'] || undefined;
  const wrong = preset === undefined ? undefined : fault(preset);
  if (wrong !== undefined) throw new UsageError(`MARATHON_URL = ${preset ?? ''}: ${wrong}`);
  return new Option('--marathon-url <url>', 'where Marathon is (MARATHON_URL)').default(preset).argParser((text) => {
    const found = fault(text);
    if (found !== undefined) throw new InvalidArgumentError(found);
    return text;
  });
};
