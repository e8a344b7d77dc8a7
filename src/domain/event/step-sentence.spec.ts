import { describe, expect, it } from 'vitest';
import { stepOf } from './step-sentence.js';

const PLACE = { app: { name: 'sample' }, environment: { name: 'production' } };
const WEB = { worker: 'web', slot: 2, host: 'h1' };
const RUN = { requested_by: 'ann', outcome: null };

describe(stepOf, () => {
  it.each([
    [
      'push.received',
      { ref: 'main', rref: 'a'.repeat(40) },
      'A push to main of sample in production came (aaaaaaaaaaaa)',
    ],
    ['instance.healthy', WEB, 'web 2 of sample in production on h1 is healthy'],
    ['route.changed', { ...WEB, change: 'added' }, 'Traffic goes to web 2 of sample in production on h1'],
    ['route.changed', { ...WEB, change: 'removed' }, 'Traffic no longer goes to web 2 of sample in production on h1'],
    ['host.lost', {}, 'Host 7 is lost'],
    ['run.created', RUN, 'Run 7 of sample in production by ann was asked for'],
    ['run.started', { ...RUN, requested_by: null }, 'Run 7 of sample in production runs'],
    ['run.ended', { ...RUN, outcome: 'succeeded' }, 'Run 7 of sample in production by ann is done'],
    ['run.ended', { ...RUN, outcome: 'canceled' }, 'Run 7 of sample in production by ann was canceled'],
    ['run.ended', { ...RUN, outcome: 'failed' }, 'Run 7 of sample in production by ann failed'],
    ['run.ended', { ...RUN, outcome: 'out_of_memory' }, 'Run 7 of sample in production by ann failed (out of memory)'],
  ] as const)('%s of %j', (kind, data, sentence) => {
    expect(stepOf({ kind, subjectId: '7', data, ...PLACE })).toBe(sentence);
  });

  it('is for steps alone', () => {
    expect(stepOf({ kind: 'deploy.deployed', subjectId: '7', data: {}, ...PLACE })).toBeNull();
  });
});
