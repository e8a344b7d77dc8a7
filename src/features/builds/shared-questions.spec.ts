import { describe, expect, it } from 'vitest';
import { SharedQuestions } from './shared-questions.js';

/** A question that is answered by hand. */
function byHand() {
  const open: ((answer: string) => void)[] = [];
  const failing: ((error: Error) => void)[] = [];
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      open.push(resolve);
      failing.push(reject);
    });
  return { ask, open, failing };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('shared questions', () => {
  it('are asked once for all who come while one is on its way, and never answered with an older answer', async () => {
    const questions = new SharedQuestions<string>();
    const { ask, open } = byHand();
    const first = questions.ask('main', ask);
    const later = Array.from({ length: 49 }, () => questions.ask('main', ask));
    expect(open).toHaveLength(1);
    open[0]?.('before the push');
    expect(await first).toBe('before the push');
    await settle();
    expect(open).toHaveLength(2);
    open[1]?.('after the push');
    expect(new Set(await Promise.all(later))).toEqual(new Set(['after the push']));
  });

  it('are asked again after an answer, and after a failure', async () => {
    const questions = new SharedQuestions<string>();
    const { ask, open, failing } = byHand();
    const first = questions.ask('main', ask);
    const second = questions.ask('main', ask);
    failing[0]?.(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settle();
    open[1]?.('a');
    expect(await second).toBe('a');
    const third = questions.ask('main', ask);
    open[2]?.('b');
    expect(await third).toBe('b');
  });

  it('of different keys do not wait for one another', async () => {
    const questions = new SharedQuestions<string>();
    const { ask, open } = byHand();
    void questions.ask('main', ask);
    const other = questions.ask('v1', ask);
    open[1]?.('tag');
    expect(await other).toBe('tag');
  });
});
