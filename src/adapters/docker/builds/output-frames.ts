import type { Readable } from 'node:stream';

/** A piece of what a container printed, as it was written. */
export interface OutputPiece {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/** A frame begins with eight bytes: the stream, three zeros, and the length of what follows, big-endian. */
const HEADER = 8;
const STDERR = 2;

/**
 * What a container prints, taken out of the frames in which Docker sends it. Nothing is read before it is asked for, and
 * a frame is handed on in the pieces that it comes in, so that memory is bounded by neither side.
 */
export async function* outputFrames(attached: Readable): AsyncGenerator<OutputPiece> {
  let header: Buffer = Buffer.alloc(0);
  let left = 0;
  let stream: OutputPiece['stream'] = 'stdout';
  for await (const chunk of attached as AsyncIterable<Buffer>) {
    for (let rest = chunk; rest.length > 0;) {
      if (left > 0) {
        const bytes = rest.subarray(0, left);
        yield { stream, bytes };
        left -= bytes.length;
        rest = rest.subarray(bytes.length);
        continue;
      }
      const missing = HEADER - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < HEADER) continue;
      stream = header[0] === STDERR ? 'stderr' : 'stdout';
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  }
}
