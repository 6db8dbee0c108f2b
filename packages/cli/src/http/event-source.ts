/** One of the server-sent events of allocation-service. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** A snapshot of very many resources fits; an endless line does not. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

const parse = (block: string): ServerSentEvent | undefined => {
  let id: string | undefined;
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === 'id') id = value;
    else if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { id, event, data: data.join('\n') };
};

/** Takes a stream of server-sent events apart (WHATWG HTML, "Parsing an event stream"; lines end with \n). */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let chunks: string[] = [];
  let length = 0;
  for await (const chunk of body) {
    const text = decoder.decode(chunk, { stream: true });
    chunks.push(text);
    length += text.length;
    if (length > MOST_CHARACTERS) throw new Error(`an event is longer than ${MOST_CHARACTERS} characters`);
    // Joined only where an event may end: a long one comes in very many chunks.
    if (!text.includes('\n')) continue;
    const blocks = chunks.join('').split('\n\n');
    const rest = blocks.pop() ?? '';
    chunks = [rest];
    length = rest.length;
    for (const block of blocks) {
      const event = parse(block);
      if (event !== undefined) yield event;
    }
  }
}
