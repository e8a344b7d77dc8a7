import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FuzzWorld, startFuzzWorld, stopFuzzWorld } from './fuzz-world.js';
import { holdFuzz } from './hold-fuzz.js';

/** As many as are promised; `FUZZ_REQUESTS` and `FUZZ_SEED` say otherwise. */
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

describe(`${REQUESTS} requests that the document makes up, from the seed ${SEED}`, () => {
  let world: FuzzWorld;

  beforeAll(async () => {
    world = await startFuzzWorld();
  });
  afterAll(() => stopFuzzWorld(world));

  it('find no fault of Jockey, no answer beside the document, and nothing lost', async () => {
    const reports = await holdFuzz(world, REQUESTS, SEED);
    const sent = reports.reduce((sum, { requests }) => sum + requests, 0);
    const seconds = reports.reduce((sum, report) => sum + report.seconds, 0);
    for (const [at, { requests, statuses }] of reports.entries())
      process.stdout.write(
        `  ${['who may look', 'who may change one app', 'who may do all'][at]}: ${requests} ${JSON.stringify(statuses)}\n`,
      );
    process.stdout.write(`  ${sent} requests in ${seconds.toFixed(1)} s\n`);
    expect(sent).toBeGreaterThanOrEqual(REQUESTS);
  });
});
