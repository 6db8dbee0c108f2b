import type { StartControllerCall, StopControllerCall } from '../domain/controller-call.js';

/** The adapter could not be asked, refused, or answered with something else than was asked for. */
export class AdapterError extends Error {
  override readonly name = 'AdapterError';
}

export interface AdapterOptions {
  /** ADAPTER_URL */
  readonly url: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
}

/** A start command may have 100,000 bytes, which JSON may write as six times as many. */
const MAX_ANSWER_BYTES = 640 * 1024;
const SHOWN = 300;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The Streams adapter, the part that runs where Streams is installed and calls the product's helpers. Both paths take and
 * answer JSON: POST start-controller-command → `{"command": "…"}`, POST stop-controller → anything; what is not 2xx failed,
 * for the reason in `{"error": {"message": "…"}}`.
 */
export class Adapter {
  readonly #base: string;
  readonly #headers: Record<string, string>;

  constructor({ url, token }: AdapterOptions) {
    this.#base = url.endsWith('/') ? url : `${url}/`;
    this.#headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  /** @throws AdapterError */
  async startControllerCommand(call: StartControllerCall, timeoutMs: number): Promise<string> {
    const answer = await this.#post('start-controller-command', call, timeoutMs);
    const command = isObject(answer) ? answer['command'] : undefined;
    if (typeof command === 'string' && command.trim() !== '') return command;
    throw new AdapterError('the Streams adapter answered start-controller-command without a command');
  }

  /** @throws AdapterError */
  async stopController(call: StopControllerCall, timeoutMs: number): Promise<void> {
    await this.#post('stop-controller', call, timeoutMs);
  }

  async #post(path: string, body: object, timeoutMs: number): Promise<unknown> {
    const signal = AbortSignal.timeout(Math.max(1, Math.round(timeoutMs)));
    try {
      const response = await fetch(new URL(path, this.#base), {
        method: 'POST',
        headers: this.#headers,
        body: JSON.stringify(body),
        redirect: 'error',
        signal,
      });
      const text = await boundedText(response, path);
      if (response.ok) return parsed(text);
      throw new AdapterError(`the Streams adapter answered ${path} with ${response.status}${reasonIn(text)}`);
    } catch (error) {
      if (error instanceof AdapterError) throw error;
      if (signal.aborted) throw new AdapterError(`the Streams adapter did not answer ${path} within ${Math.round(timeoutMs)} ms`);
      throw new AdapterError(`the Streams adapter could not be asked for ${path} (ADAPTER_URL): ${causeOf(error)}`);
    }
  }
}

/** What fetch says itself is "fetch failed". */
const causeOf = (error: unknown): string => {
  const { cause, message } = error as Error & { cause?: unknown };
  return cause instanceof Error && cause.message !== '' ? cause.message : ((cause as { code?: string } | undefined)?.code ?? message);
};

const boundedText = async (response: Response, path: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new AdapterError(`the Streams adapter answered ${path} with more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const reasonIn = (text: string): string => {
  const answer = parsed(text);
  const error = isObject(answer) ? answer['error'] : undefined;
  const message = isObject(error) ? error['message'] : undefined;
  return typeof message === 'string' && message !== '' ? `: ${message.slice(0, SHOWN)}` : '';
};
