import { describe, expect, it } from 'vitest';
import { OutputFrames } from './output-frames.js';

function frame(stream: number, message: string): Buffer {
  const body = Buffer.from(message);
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, body]);
}

const TIME = '2025-11-21T03:36:04.000000007Z';
const AT = 1_763_696_164_000_000_007n;

describe('frames of the output of a container', () => {
  it('are lines with their time and stream', () => {
    const lines = new OutputFrames().take(Buffer.concat([frame(1, `${TIME} a b\r\n`), frame(2, `${TIME} \n`)]));
    expect(lines).toEqual([
      { at: AT, stream: 'stdout', text: 'a b', goesOn: false },
      { at: AT, stream: 'stderr', text: '', goesOn: false },
    ]);
  });

  it('are parts of a line where they have no newline', () => {
    const lines = new OutputFrames().take(Buffer.concat([frame(1, `${TIME} long`), frame(1, `${TIME} er\n`)]));
    expect(lines.map(({ text, goesOn }) => [text, goesOn])).toEqual([
      ['long', true],
      ['er', false],
    ]);
  });

  it('may be cut anywhere on their way', () => {
    const bytes = Buffer.concat([frame(1, `${TIME} grüße\n`), frame(2, `${TIME} zwei\n`)]);
    const frames = new OutputFrames();
    const texts = [...bytes].flatMap((_, at) => frames.take(bytes.subarray(at, at + 1)).map(({ text }) => text));
    expect(texts).toEqual(['grüße', 'zwei']);
  });
});
