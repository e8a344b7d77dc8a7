import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ConsoleOutput, OpenConsole } from '../../ports/container-consoles.js';

/** A frame begins with eight bytes: the channel, three zeros, and the length of what follows, big-endian. */
const HEADER = 8;

/** What the first byte of a frame says of standard error. */
const STDERR = 2;

/** What a connection to a program is made of. */
export interface ConsoleConnection {
  readonly stream: Duplex;
  /** With a terminal nothing is framed: all comes as it is printed. */
  readonly terminal: boolean;
  /** The failure of a connection that broke. */
  readonly broken: (error: unknown) => unknown;
}

/** A connection that Docker has handed over to a program. */
export class DockerConsole implements OpenConsole {
  private closed = false;

  constructor(private readonly connection: ConsoleConnection) {
    connection.stream.on('error', () => undefined);
  }

  get output(): AsyncIterable<ConsoleOutput> {
    return this.read();
  }

  async write(bytes: Buffer): Promise<void> {
    const { stream } = this.connection;
    if (!stream.writable || stream.write(bytes)) return;
    const done = new AbortController();
    const { signal } = done;
    await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).catch(() => undefined);
    done.abort();
  }

  endInput(): void {
    if (this.connection.stream.writable) this.connection.stream.end();
  }

  close(): void {
    this.closed = true;
    this.connection.stream.destroy();
  }

  private async *read(): AsyncGenerator<ConsoleOutput> {
    const { stream, terminal, broken } = this.connection;
    const frames = new ConsoleFrames();
    try {
      for await (const chunk of stream) {
        if (terminal) yield { channel: 'stdout', bytes: chunk as Buffer };
        else yield* frames.take(chunk as Buffer);
      }
    } catch (error) {
      if (!this.closed) throw broken(error);
    }
  }
}

/** Takes the output of a program without a terminal apart: https://docs.docker.com/reference/api/engine, "Stream format". */
export class ConsoleFrames {
  private rest: Buffer = Buffer.alloc(0);

  /** What has come whole of the frames so far. */
  take(chunk: Buffer): ConsoleOutput[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const output: ConsoleOutput[] = [];
    let at = 0;
    while (at + HEADER <= bytes.length) {
      const end = at + HEADER + bytes.readUInt32BE(at + 4);
      if (end > bytes.length) break;
      const channel = bytes[at] === STDERR ? 'stderr' : 'stdout';
      if (end > at + HEADER) output.push({ channel, bytes: bytes.subarray(at + HEADER, end) });
      at = end;
    }
    this.rest = bytes.subarray(at);
    return output;
  }
}
