import { describe, expect, it } from 'vitest';
import { AnswerHold } from './answer-hold.js';

/** Reads 1, 2, 3, … */
const counter = () => {
  let reads = 0;
  return () => Promise.resolve((reads += 1));
};

describe('AnswerHold', () => {
  it('answers at once where nothing is said, settled or not', async () => {
    const answer = await new AnswerHold().until({ seconds: undefined, read: counter(), settled: () => false });
    expect(answer).toBe(1);
  });

  it('reads again until it is settled', async () => {
    const answer = await new AnswerHold().until({ seconds: 60, read: counter(), settled: (reads) => reads === 3 });
    expect(answer).toBe(3);
  });

  it('answers what there is when the time is over', async () => {
    const answer = await new AnswerHold().until({ seconds: 0.05, read: counter(), settled: () => false });
    expect(answer).toBeGreaterThanOrEqual(2);
  });

  it('answers what there is when it is released', async () => {
    const hold = new AnswerHold();
    const answer = hold.until({ seconds: 60, read: counter(), settled: () => false });
    hold.release();
    expect(await answer).toBeLessThanOrEqual(2);
  });

  it('fails as the reading fails', async () => {
    const read = () => Promise.reject(new Error('lost'));
    await expect(new AnswerHold().until({ seconds: 60, read, settled: () => true })).rejects.toThrow('lost');
  });
});
