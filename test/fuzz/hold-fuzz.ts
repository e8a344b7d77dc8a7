import { expect } from 'vitest';
import type { FuzzWorld, Snapshot } from './fuzz-world.js';
import { type FuzzReport, operationNames, runFuzz } from './run-fuzz.js';

/** What is never taken away, whoever asks: history. */
const KEPT = ['apps', 'builds', 'deploys', 'releases', 'events', 'config_versions', 'logs'];

/** Three runs over one world, each with more rights than the one before, and what may have changed after each. */
export async function holdFuzz(world: FuzzWorld, requests: number, seed: number): Promise<readonly FuzzReport[]> {
  const before = await world.snapshot();
  const powerless = await hold(world, {
    requests: share(requests, 0.35),
    seed,
    senders: ['viewer', 'stranger', 'viewer', 'liar'],
  });
  expect.soft(changes(before, await world.snapshot()), 'who may only look has changed something').toEqual([]);

  const theirs = rowsOfTheirs(before);
  const neighbour = await hold(world, {
    requests: share(requests, 0.3),
    seed: seed + 1_000_000,
    senders: ['neighbour'],
  });
  const after = new Set(rowsOfTheirs(await world.snapshot()));
  expect
    .soft(
      theirs.filter((row) => !after.has(row)),
      'who may change one app has changed another',
    )
    .toEqual([]);

  const begun = await world.snapshot();
  const rest = requests - powerless.requests - neighbour.requests;
  const admin = await hold(world, { requests: rest, seed: seed + 2_000_000, senders: ['admin'] });
  expect.soft(lost(begun, await world.snapshot()), 'history was lost').toEqual([]);
  const asked = new Set([powerless, neighbour, admin].flatMap(({ operations }) => [...operations]));
  expect
    .soft(
      (await operationNames()).filter((name) => !asked.has(name)),
      'never asked',
    )
    .toEqual([]);
  expect(({} as { polluted?: boolean }).polluted, 'every object was polluted').toBeUndefined();
  expect((await world.api.client.get('/apps')).status).toBe(200);
  return [powerless, neighbour, admin];
}

const share = (requests: number, part: number): number => Math.floor(requests * part);

async function hold(world: FuzzWorld, run: Parameters<typeof runFuzz>[1]): Promise<FuzzReport> {
  const report = await runFuzz(world, run);
  expect
    .soft(
      [...report.faults].map(([fault, first]) => `${fault}\n  ${first}`),
      `faults, from the seed ${run.seed}`,
    )
    .toEqual([]);
  return report;
}

const changes = (before: Snapshot, after: Snapshot): string[] =>
  Object.keys(before).flatMap((table) => difference(table, before[table] ?? [], after[table] ?? []));

function difference(table: string, before: readonly string[], after: readonly string[]): string[] {
  const [then, now] = [new Set(before), new Set(after)];
  const gone = before.filter((row) => !now.has(row)).map((row) => `${table} lost ${row}`);
  return [...gone, ...after.filter((row) => !then.has(row)).map((row) => `${table} got ${row}`)];
}

/** Rows that belong to the app `theirs`. */
function rowsOfTheirs(snapshot: Snapshot): readonly string[] {
  const app = (snapshot['apps'] ?? [])
    .map((row) => JSON.parse(row) as { id: number; name: string })
    .find(({ name }) => name === 'theirs');
  return Object.entries(snapshot).flatMap(([table, rows]) =>
    rows
      .filter((row) => {
        const { id, app_id } = JSON.parse(row) as { id?: number; app_id?: number };
        return app_id === app?.id || (table === 'apps' && id === app?.id);
      })
      .map((row) => `${table} ${row}`),
  );
}

/** Ids of history that were there and are not. */
function lost(before: Snapshot, after: Snapshot): string[] {
  const idsOf = (rows: readonly string[] = []) => rows.map((row) => (JSON.parse(row) as { id: number }).id);
  return KEPT.flatMap((table) => {
    const there = new Set(idsOf(after[table]));
    return idsOf(before[table])
      .filter((id) => !there.has(id))
      .map((id) => `${table} ${id}`);
  });
}
