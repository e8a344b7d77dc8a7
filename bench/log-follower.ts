import { get } from 'node:http';

/** What one follower saw of a log. */
export interface Followed {
  /** Lines that came. */
  readonly lines: number;
  /** Whether each came behind the one before it. */
  readonly inOrder: boolean;
  /** Position of the last line. */
  readonly last: number;
  /** Whether the stream was told to be over, and not cut. */
  readonly ended: boolean;
}

/** Before the number of an event: nothing else in the stream begins a line so. */
const MARK = Buffer.from('\nid: ');
const END = Buffer.from('\nevent: end\n');
const NEWLINE = 10;
const ZERO = 48;

/** Follows a log over HTTP to its end, looking at the position of every line. */
export async function follow(url: string, headers: Readonly<Record<string, string>>): Promise<Followed> {
  const seen = new SeenEvents();
  await new Promise<void>((resolve, reject) => {
    const request = get(url, { headers: { accept: 'text/event-stream', ...headers }, agent: false }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answers ${response.statusCode}`));
      response.on('data', (chunk: Buffer) => seen.add(chunk));
      response.on('end', resolve).on('error', reject);
    });
    request.on('error', reject);
  });
  return seen.result;
}

/** Counts events in a stream that comes in pieces. */
class SeenEvents {
  private rest: Buffer = Buffer.alloc(0);
  private lines = 0;
  private last = 0;
  private inOrder = true;
  private ended = false;

  get result(): Followed {
    return { lines: this.lines, inOrder: this.inOrder, last: this.last, ended: this.ended };
  }

  add(chunk: Buffer): void {
    const text = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let done = 0;
    for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, done)) {
      const end = text.indexOf(NEWLINE, at + MARK.length);
      if (end < 0) break;
      this.take(numberAt(text, at + MARK.length, end));
      done = end;
    }
    this.ended ||= text.includes(END, done);
    this.rest = Buffer.from(text.subarray(Math.max(done, text.length - 40)));
  }

  private take(position: number): void {
    this.inOrder &&= position > this.last;
    this.last = position;
    this.lines += 1;
  }
}

function numberAt(text: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at += 1) number = number * 10 + (text[at] ?? ZERO) - ZERO;
  return number;
}
