/** A frame begins with eight bytes: the stream, three zeros, and the length of what follows, big-endian. */
const HEADER = 8;

/** The lines of a container's output as Docker frames it (https://docs.docker.com/engine/api: container attach). */
export function linesOf(output: Buffer | string): string[] {
  const frames = Buffer.isBuffer(output) ? output : Buffer.from(output, 'binary');
  const parts: Buffer[] = [];
  for (let at = 0; at + HEADER <= frames.length;) {
    const length = frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + HEADER, at + HEADER + length));
    at += HEADER + length;
  }
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split(/\r?\n/);
}
