import { nanosecondsOf, type OutputLine } from '../../domain/log/output-line.js';

/** A frame begins with eight bytes: the stream, three zeros, and the length of what follows, big-endian. */
const HEADER = 8;

/** What the first byte of a frame says of standard error. */
const STDERR = 2;

/**
 * Reads the frames of a container's output that was asked for with times. Each holds one message, `TIME TEXT`, with a
 * newline at its end; one without is a part of a line that was too long for the engine (16 KiB).
 */
export class OutputFrames {
  private rest: Buffer = Buffer.alloc(0);

  /** The lines of all frames that have come whole. */
  take(chunk: Buffer): OutputLine[] {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const lines: OutputLine[] = [];
    let at = 0;
    for (; at + HEADER <= bytes.length;) {
      const end = at + HEADER + bytes.readUInt32BE(at + 4);
      if (end > bytes.length) break;
      lines.push(lineOf(bytes[at] ?? 0, bytes.toString('utf8', at + HEADER, end)));
      at = end;
    }
    this.rest = bytes.subarray(at);
    return lines;
  }
}

function lineOf(stream: number, message: string): OutputLine {
  const space = message.indexOf(' ');
  const text = message.slice(space + 1);
  return {
    at: nanosecondsOf(message.slice(0, space)),
    stream: stream === STDERR ? 'stderr' : 'stdout',
    text: text.replace(/\r?\n$/, ''),
    goesOn: !text.endsWith('\n'),
  };
}
