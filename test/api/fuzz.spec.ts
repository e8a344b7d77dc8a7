import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FuzzWorld, startFuzzWorld, stopFuzzWorld } from '../fuzz/fuzz-world.js';
import { holdFuzz } from '../fuzz/hold-fuzz.js';

/** A few of each operation; `npm run fuzz` sends twenty thousand. */
const REQUESTS = 1000;

/** Seconds, on a machine that does much else meanwhile. */
const TIME = { timeout: 120_000 };

describe('requests that the document makes up', TIME, () => {
  let world: FuzzWorld;

  beforeAll(async () => {
    world = await startFuzzWorld();
  });
  afterAll(() => stopFuzzWorld(world));

  it('find no fault of Jockey, no answer beside the document, and nothing lost', async () => {
    const reports = await holdFuzz(world, REQUESTS, 7);
    expect(reports.reduce((sum, { requests }) => sum + requests, 0)).toBe(REQUESTS);
  });
});
