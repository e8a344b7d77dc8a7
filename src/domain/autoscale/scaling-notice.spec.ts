import { describe, expect, it } from 'vitest';
import { scalingNotice } from './scaling-notice.js';

const WORKER = { id: '9', scale: 4, minScale: 2, maxScale: 10, advice: false };

describe('scalingNotice', () => {
  it('says between which bounds a worker scales itself', () => {
    expect(scalingNotice(WORKER)).toBe('It scales itself between 2 and 10; GET /workers/9/scaling says why.');
  });

  it.each([
    [20, 10],
    [0, 2],
  ])('says of a scale of %i that it will be %i', (scale, held) => {
    expect(scalingNotice({ ...WORKER, scale })).toContain(`the next look sets ${held} instead of ${scale}.`);
  });

  it('says that advice leaves the scale alone', () => {
    expect(scalingNotice({ ...WORKER, scale: 20, advice: true })).toContain('keeps the scale that is set');
  });
});
