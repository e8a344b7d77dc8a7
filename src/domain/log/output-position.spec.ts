import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoOf, nanosecondsOf, type OutputLine } from './output-line.js';
import { markAfter, OVERLAP, parsePosition, POSITION_SHAPE, positionText, ReadAgain } from './output-position.js';

const lineAt = (at: bigint, text = ''): OutputLine => ({ at, stream: 'stdout', text, goesOn: false });

const moments = fc.bigInt({ min: 0n, max: 4_000_000_000_000_000_000n });

describe('a time of nanoseconds', () => {
  it('keeps all digits, in any zone', () => {
    expect(nanosecondsOf('2025-11-21T03:36:04.120481203Z')).toBe(1_763_696_164_120_481_203n);
    expect(nanosecondsOf('2025-11-21T04:36:04.5+01:00')).toBe(1_763_696_164_500_000_000n);
    expect(nanosecondsOf('2025-11-21')).toBe(1_763_683_200_000_000_000n);
  });

  it('is the same again after it was written', () => {
    fc.assert(
      fc.property(moments, (at) => {
        expect(nanosecondsOf(isoOf(at))).toBe(at);
      }),
    );
  });
});

describe('a position in the output of several instances', () => {
  it('is the same again after it was sent', () => {
    const mark = fc.record({ at: moments, count: fc.nat(900_000) });
    const ids = fc.integer({ min: 1 }).map(String);
    const positions = fc
      .array(fc.tuple(ids, mark), { minLength: 1, maxLength: 20 })
      .map((pairs): Map<string, { at: bigint; count: number }> => new Map(pairs));
    fc.assert(
      fc.property(positions, (position) => {
        expect(positionText(position)).toMatch(POSITION_SHAPE);
        expect(parsePosition(positionText(position))).toEqual(position);
      }),
    );
  });

  it('has no other shape', () => {
    for (const text of ['', 'a', 'a:', ':a', 'a:b,', 'A:b', 'a:b.c', `a:${'b'.repeat(14)}`])
      expect([text, POSITION_SHAPE.test(text)]).toEqual([text, false]);
  });
});

describe('an output that is read again', () => {
  const read = (mark: ReturnType<typeof markAfter> | null, lines: readonly OutputLine[]) => {
    const again = new ReadAgain(mark);
    return [...lines.flatMap((line) => again.take([line])), ...again.end()];
  };

  it('goes on behind any line, also where two streams are a little out of order', () => {
    const steps = fc.array(fc.bigInt({ min: 0n, max: OVERLAP - 1n }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.nat(), (list, pick) => {
        const base = 10_000_000_000n;
        const lines = list.map((step, index) => lineAt(base + BigInt(index) * 100_000_000n + step, String(index)));
        const at = pick % lines.length;
        const marked = lines[at] as OutputLine;
        const same = lines.slice(0, at + 1).filter(({ at: moment }) => moment === marked.at).length;
        const fromThen = lines.filter(({ at: moment }) => moment >= marked.at - OVERLAP);
        expect(read({ at: marked.at, count: same }, fromThen)).toEqual(lines.slice(at + 1));
      }),
    );
  });

  it('tells parts of one line apart, which have one time', () => {
    const parts = ['a', 'b', 'c'].map((text) => lineAt(5n, text));
    const afterTwo = markAfter(markAfter(null, parts[0] as OutputLine), parts[1] as OutputLine);
    expect(read(afterTwo, parts)).toEqual([parts[2]]);
  });

  it('gives what is later where the marked line is not there any more', () => {
    const later = lineAt(7n, 'later');
    expect(read({ at: 5n, count: 1 }, [lineAt(4n), later])).toEqual([later]);
    const muchLater = lineAt(5n + OVERLAP, 'much later');
    expect(new ReadAgain({ at: 5n, count: 1 }).take([lineAt(4n), later, muchLater])).toEqual([later, muchLater]);
  });

  it('holds nothing back where it begins at a moment', () => {
    const again = new ReadAgain({ at: 5n, count: 0 });
    expect(again.take([lineAt(4n, 'old'), lineAt(5n, 'new')])).toEqual([lineAt(5n, 'new')]);
  });
});
