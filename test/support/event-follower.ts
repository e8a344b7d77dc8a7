import { eventually } from './eventually.js';

/** One server-sent event as it came. */
export interface SeenEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** Follows a stream of server-sent events. `leave` it before the API stops. */
export class EventFollower {
  readonly events: SeenEvent[] = [];
  /** Whether the other side has ended the stream. */
  ended = false;
  private readonly leaving = new AbortController();

  private constructor(
    readonly status: number,
    readonly headers: Headers,
  ) {}

  /** Begins to follow; resolves with the headers. */
  static async begin(url: string, headers: Readonly<Record<string, string>>): Promise<EventFollower> {
    const leaving = new AbortController();
    const response = await fetch(url, {
      headers: { accept: 'text/event-stream', ...headers },
      signal: leaving.signal,
    });
    const follower = new EventFollower(response.status, response.headers);
    follower.leaving.signal.addEventListener('abort', () => leaving.abort());
    void follower.read(response).catch(() => undefined);
    return follower;
  }

  /** What its log lines say, in the order in which they came. */
  get texts(): string[] {
    return this.events
      .filter(({ event }) => event === 'message')
      .map(({ data }) => (JSON.parse(data) as { message: { text: string } }).message.text);
  }

  /** Waits until so many log lines have come. */
  async lines(count: number): Promise<string[]> {
    await eventually(`${count} lines`, () => this.texts.length >= count);
    return this.texts;
  }

  leave(): void {
    this.leaving.abort();
  }

  private async read(response: Response): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
    this.ended = true;
  }

  private take(block: string): void {
    const fields = new Map(
      block.split('\n').map((line): [string, string] => {
        const mark = line.indexOf(':');
        return [line.slice(0, mark), line.slice(mark + 1).replace(/^ /, '')];
      }),
    );
    const data = fields.get('data');
    if (data !== undefined)
      this.events.push({ id: fields.get('id') ?? null, event: fields.get('event') ?? 'message', data });
  }
}
