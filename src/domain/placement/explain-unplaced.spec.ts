import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import { explainUnplaced } from './explain-unplaced.js';
import { placeInstances } from './place-instances.js';

const full = { reserved: { memoryMb: 1984, cpus: 0 } };

/** The text for slots of one worker that find no host. */
function explained(slots: readonly number[]): string {
  const wanted = slots.map((slot) => need({ key: `k${slot}`, slot }));
  return explainUnplaced(placeInstances(wanted, [candidate('h1', full), candidate('h2', { cordoned: true })]).unplaced);
}

const HOSTS = '0 of 2 hosts fit: h1: needs 128 MB, 64 MB of 2048 MB are free; h2: cordoned: no reason given';

describe('explainUnplaced', () => {
  it('names worker, slot, every host and every reason', () => {
    expect(explained([3])).toBe(`worker web slot 3 cannot be placed: ${HOSTS}`);
  });

  it.each([
    [[2, 1], 'slots 1, 2'],
    [[3, 1, 2], 'slots 1 to 3'],
    [[1, 2, 3, 5], 'slots 1 to 3, 5'],
    [[2, 4, 6, 7, 8, 9], 'slots 2, 4, 6 to 9'],
  ])('tells slots %j with the same reasons together', (slots, text) => {
    expect(explained(slots)).toBe(`worker web ${text} cannot be placed: ${HOSTS}`);
  });

  it('tells each worker', () => {
    const wanted = [
      need({ key: 'a', group: 'blog/jobs', worker: 'jobs', resources: { memoryMb: 256, cpus: 0.1 } }),
      need({ key: 'b' }),
    ];
    expect(explainUnplaced(placeInstances(wanted, [candidate('h1', full)]).unplaced)).toBe(
      'worker jobs slot 1 cannot be placed: 0 of 1 hosts fit: h1: needs 256 MB, 64 MB of 2048 MB are free. ' +
        'worker web slot 1 cannot be placed: 0 of 1 hosts fit: h1: needs 128 MB, 64 MB of 2048 MB are free',
    );
  });

  it('says so when there is no host at all', () => {
    expect(explainUnplaced(placeInstances([need({})], []).unplaced)).toBe(
      'worker web slot 1 cannot be placed: there is no host for it',
    );
  });

  it('has nothing to say when all is placed', () => expect(explainUnplaced([])).toBe(''));
});
