import { describe, expect, it } from 'vitest';
import { CheckAnswers } from './check-answers.js';

describe('CheckAnswers', () => {
  it('keeps the last five different answers, oldest first, and no answer twice in a row', () => {
    const answers = new CheckAnswers();
    for (const said of ['a', 'a', 'b', ' ', null, 'c', 'd', 'e', 'f']) answers.note('web-1', said);
    expect(answers.of('web-1')).toEqual(['b', 'c', 'd', 'e', 'f']);
    expect(answers.of('web-2')).toEqual([]);
  });

  it('forgets who was heard of longest ago', () => {
    const answers = new CheckAnswers();
    for (let number = 0; number <= 2_000; number += 1) answers.note(`web-${number}`, 'refused');
    expect(answers.of('web-0')).toEqual([]);
    expect(answers.of('web-2000')).toEqual(['refused']);
  });
});
