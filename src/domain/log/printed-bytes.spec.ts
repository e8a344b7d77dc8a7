import { StringDecoder } from 'node:string_decoder';
import { describe, expect, it } from 'vitest';
import { PrintedBytes } from './printed-bytes.js';

const linesOf = (pieces: readonly Buffer[]): string[] => {
  const printed = new PrintedBytes<Buffer>(new StringDecoder('utf8'));
  const texts = pieces.flatMap((piece) => [...printed.add(piece)]);
  return [...texts, ...printed.end()].map(({ text }) => text);
};

describe(PrintedBytes, () => {
  it('puts characters together that are cut anywhere', () => {
    const bytes = Buffer.from('wörker €\n🚀 up\nlast');
    for (let at = 0; at <= bytes.length; at += 1)
      expect(linesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(['wörker €', '🚀 up', 'last']);
  });

  it('shows a character that never ends as one that is missing', () => {
    expect(linesOf([Buffer.from('up €').subarray(0, -1)])).toEqual(['up \ufffd']);
  });
});
