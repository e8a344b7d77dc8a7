import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { previousRelease } from './previous-release.js';
import type { ReleaseFacts } from './release-facts.js';

/** One step of a history: a deploy of some content, or a rollback to the release of a number. */
type Step = string | { readonly to: number };

function historyOf(steps: readonly Step[]): ReleaseFacts[] {
  const history: ReleaseFacts[] = [];
  for (const step of steps) history.push(releaseOf(step, history));
  return history;
}

function releaseOf(step: Step, history: readonly ReleaseFacts[]): ReleaseFacts {
  const number = history.length + 1;
  const own = { id: `r${number}`, number };
  if (typeof step === 'string')
    return { ...own, kind: 'deploy', fromReleaseId: null, content: step, sha: step.padStart(40, '0') };
  const from = history[step.to - 1] as ReleaseFacts;
  return { ...from, ...own, kind: 'rollback', fromReleaseId: from.id };
}

const rolledBackTo = (history: readonly ReleaseFacts[], target: ReleaseFacts): ReleaseFacts[] => [
  ...history,
  releaseOf({ to: target.number }, history),
];

const histories = fc
  .array(fc.oneof(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat()), { minLength: 1, maxLength: 20 })
  .map((wishes) =>
    historyOf(
      wishes.map((wish, index) => (typeof wish === 'string' ? wish : index === 0 ? 'a' : { to: 1 + (wish % index) })),
    ),
  );

describe('previousRelease', () => {
  it.each<[string, Step[], string | null]>([
    ['nothing where there is no release', [], null],
    ['nothing before the first', ['a'], null],
    ['the one before', ['a', 'b', 'c'], 'r2'],
    ['the next older after a rollback, and not what was taken back', ['a', 'b', 'c', { to: 2 }], 'r1'],
    ['nothing after a rollback to the first', ['a', 'b', { to: 1 }], null],
    ['what a rollback had brought back, under a deploy on top of it', ['a', 'b', 'c', { to: 2 }, 'd'], 'r2'],
    ['the one before, after the same was rolled back and forth', ['a', 'b', { to: 1 }, { to: 2 }], 'r1'],
    ['the same for a rollback to a rollback', ['a', 'b', 'c', { to: 2 }, 'd', { to: 4 }], 'r1'],
    ['what differs, past deploys of the same again', ['a', 'b', 'b', 'b'], 'r1'],
    ['nothing where all are the same', ['a', 'a'], null],
    ['the last that differs, though the same content was there before', ['a', 'b', 'a'], 'r2'],
  ])('is %s', (_what, steps, expected) => expect(previousRelease(historyOf(steps))?.id ?? null).toBe(expected));

  it('does not follow the release of another environment that was promoted', () => {
    const [first, second] = historyOf(['a', 'b']) as [ReleaseFacts, ReleaseFacts];
    const promoted: ReleaseFacts = { ...second, kind: 'promotion', fromReleaseId: 'elsewhere' };
    expect(previousRelease([first, promoted])?.id).toBe('r1');
  });

  it('is never a rollback, always older than the current one, and always another content', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const previous = previousRelease(history);
        const current = history.at(-1) as ReleaseFacts;
        if (previous === null) return;
        expect(previous.kind).not.toBe('rollback');
        expect(previous.number).toBeLessThan(current.number);
        expect(previous.content).not.toBe(current.content);
      }),
    );
  });

  it('never reverts a revert: asked again and again it goes to ever smaller numbers, and ends', () => {
    fc.assert(
      fc.property(histories, (start) => {
        let history = start;
        let last = Infinity;
        for (let previous = previousRelease(history); previous !== null; previous = previousRelease(history)) {
          expect(previous.number).toBeLessThan(last);
          last = previous.number;
          history = rolledBackTo(history, previous);
        }
      }),
    );
  });

  it('brings back what a deploy took the place of, whatever came before', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const current = history.at(-1) as ReleaseFacts;
        const deployed = [...history, releaseOf('new', history)];
        expect(previousRelease(deployed)?.content).toBe(current.content);
      }),
    );
  });

  it('does not depend on the order of the input', () => {
    const shuffled = histories.chain((history) =>
      fc.tuple(fc.constant(history), fc.shuffledSubarray(history, { minLength: history.length })),
    );
    fc.assert(
      fc.property(shuffled, ([history, other]) => {
        expect(previousRelease(other)).toEqual(previousRelease(history));
      }),
    );
  });

  it('ends also where rollbacks refer to themselves or to what is gone', () => {
    const strange = (fromReleaseId: string): ReleaseFacts => ({
      ...(historyOf(['a'])[0] as ReleaseFacts),
      kind: 'rollback',
      fromReleaseId,
    });
    expect(previousRelease([strange('r1')])).toBeNull();
    expect(previousRelease([strange('gone')])).toBeNull();
  });
});
