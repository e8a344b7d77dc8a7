import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { BuildLine } from '../../../domain/build/build-line.js';
import { outputFrames } from './output-frames.js';
import { OutputLines } from './output-lines.js';

function frame(stream: 1 | 2, text: string | Buffer): Buffer {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}

async function read(output: Buffer, piece: number): Promise<{ lines: BuildLine[]; last: readonly string[] }> {
  const lines: BuildLine[] = [];
  const cutter = new OutputLines((line) => void lines.push(line));
  const pieces = Array.from({ length: Math.ceil(output.length / piece) }, (_, at) =>
    output.subarray(at * piece, (at + 1) * piece),
  );
  for await (const part of outputFrames(Readable.from(pieces))) await cutter.add(part);
  await cutter.end();
  return { lines, last: cutter.last };
}

describe('the output of a container', () => {
  it.each([1, 3, 8, 9, 10_000])('comes as lines of their stream, in pieces of %i bytes', async (piece) => {
    const output = Buffer.concat([frame(1, 'one\ntw'), frame(2, 'grüße\r\n'), frame(1, 'o\n'), frame(1, 'end')]);
    expect((await read(output, piece)).lines).toEqual([
      { text: 'one', stream: 'stdout', step: null },
      { text: 'grüße', stream: 'stderr', step: null },
      { text: 'two', stream: 'stdout', step: null },
      { text: 'end', stream: 'stdout', step: null },
    ]);
  });

  it('names the heading that a line stands below, without its colours', async () => {
    const output = frame(1, '-----> Shell app detected\n       x\n\x1b[1m===> EXPORTING\x1b[0m\ny\n');
    expect((await read(output, 100)).lines.map(({ step }) => step)).toEqual([
      'Shell app detected',
      'Shell app detected',
      'EXPORTING',
      'EXPORTING',
    ]);
  });

  it('keeps the colours of a line, and leaves them out of the last ones', async () => {
    const output = Buffer.concat([frame(2, '\x1b[31mred\x1b[0m\n\n'), frame(1, '1\n2\n3\n4\n')]);
    const { lines, last } = await read(output, 100);
    expect(lines[0]?.text).toBe('\x1b[31mred\x1b[0m');
    expect(last).toEqual(['red', '1', '2', '3', '4']);
    expect((await read(Buffer.concat([output, frame(1, '5\n')]), 100)).last).toEqual(['1', '2', '3', '4', '5']);
  });

  it('hands on what has no newline in bounded pieces, with nothing lost', async () => {
    const { lines } = await read(frame(1, `${'x'.repeat(100_000)}\n`), 7_000);
    expect(Math.max(...lines.map(({ text }) => text.length))).toBeLessThanOrEqual(16_384);
    expect(lines.map(({ text }) => text).join('')).toHaveLength(100_000);
  });
});
