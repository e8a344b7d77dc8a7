import { describe, expect, it } from 'vitest';
import { linesOf } from './log-frames.js';

/** A frame as Docker sends it: 1 is stdout, 2 stderr. */
function frame(stream: 1 | 2, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

describe('linesOf', () => {
  it('reads both streams in the order in which they came', () => {
    const output = Buffer.concat([frame(1, 'out\n'), frame(2, 'err\r\n'), frame(1, 'a\nb\n')]);
    expect(linesOf(output)).toEqual(['out', 'err', 'a', 'b']);
  });

  it('puts a line together that came in several frames', () => {
    expect(linesOf(Buffer.concat([frame(1, 'gr'), frame(1, 'üße')]))).toEqual(['grüße']);
  });

  it('is empty for one that printed nothing', () => expect(linesOf(Buffer.alloc(0))).toEqual([]));

  it('keeps what is there of a frame that was cut off', () => {
    expect(linesOf(frame(1, 'whole').subarray(0, 10))).toEqual(['wh']);
  });
});
