import { placeWaves, type Leaving } from '../placement/place-waves.js';
import type { WantedWorker } from '../reconcile/reconcile-snapshot.js';
import { waveNeedOf } from '../reconcile/wave-need.js';
import { rolloutNeeds } from '../rollout/rollout-needs.js';
import type { Placed } from '../placement/placement.js';
import type { RoomRequest } from '../room/judge-room.js';
import { HostBook } from './host-book.js';
import type { WhatIfApp, WhatIfHost, WhatIfOutcome, WhatIfStep } from './what-if.js';

/** The id of a deploy that there is not; no real one has it. */
const NEW_DEPLOY = '0';

/** What would be rolled out, and where. */
export interface TriedRollout {
  readonly hosts: readonly WhatIfHost[];
  /** Its image is the new one. */
  readonly app: WhatIfApp;
  /** The workers as they would be rolled out. */
  readonly workers: readonly WantedWorker[];
}

/** Places a rollout as the engine does, wave by wave, and says what would take whose place. It places all or nothing. */
export function tryRollout({ hosts, app, workers }: TriedRollout): WhatIfOutcome {
  const { snapshot } = app;
  const instances = snapshot.instances.map(({ instance }) => instance);
  const { currentDeployId } = snapshot;
  const { missing, leaving } = rolloutNeeds({ deployId: NEW_DEPLOY, workers, instances, currentDeployId });
  const book = new HostBook(hosts);
  const needs = missing.map((each) => waveNeedOf(each, app));
  const { placed, unplaced } = placeWaves(needs, book.candidates(app, instances, missing), leaving);
  if (unplaced.length > 0) {
    const told = unplaced.map(({ need: { worker, slot }, refusals }) => ({
      app: app.app.name,
      worker,
      slot,
      refusals,
    }));
    return { steps: [], unplaced: told, hosts: book.outcome(), truncated: false };
  }
  const waveOf = new Map(needs.map(({ need, wave }) => [need.key, wave]));
  playWaves({ book, placed, leaving, waveOf });
  const steps = stepsOf(app, placed, waveOf);
  return { steps, unplaced: [], hosts: book.outcome(), truncated: false };
}

/** What would be asked of the pool, where the rollout finds no place. */
export function roomOfTried({ hosts, app, workers }: TriedRollout): Omit<RoomRequest, 'pool'> {
  const instances = app.snapshot.instances.map(({ instance }) => instance);
  const { currentDeployId } = app.snapshot;
  const { missing, leaving } = rolloutNeeds({ deployId: NEW_DEPLOY, workers, instances, currentDeployId });
  const needs = missing.map((each) => waveNeedOf(each, app));
  return { needs, leaving, hosts: new HostBook(hosts).candidates(app, instances, missing) };
}

interface Waves {
  readonly book: HostBook;
  readonly placed: readonly Placed[];
  readonly leaving: readonly Leaving[];
  readonly waveOf: ReadonlyMap<string, number>;
}

/** Before a wave, what those before it replaced is gone; in the end, all of the old. */
function playWaves({ book, placed, leaving, waveOf }: Waves): void {
  let left: readonly Leaving[] = leaving;
  for (const wave of [...new Set(waveOf.values())].sort((one, other) => one - other)) {
    for (const each of left.filter(({ afterWave }) => afterWave < wave)) book.remove(each.host, each.resources);
    left = left.filter(({ afterWave }) => afterWave >= wave);
    for (const { need, host } of placed.filter((each) => waveOf.get(each.need.key) === wave))
      book.add(host, need.resources);
  }
  for (const each of left) book.remove(each.host, each.resources);
}

function stepsOf({ app, snapshot }: WhatIfApp, placed: readonly Placed[], waveOf: Waves['waveOf']): WhatIfStep[] {
  const old = snapshot.instances.map(({ instance }) => instance).filter(({ desired }) => desired !== 'stopped');
  const last = Math.max(0, ...waveOf.values());
  const taken = new Set<string>();
  const starts = placed.map(({ need: { key, group, worker, slot }, host }): WhatIfStep => {
    const before = old.find((each) => each.workerId === group && each.slot === slot && !taken.has(each.id));
    if (before !== undefined) taken.add(before.id);
    const action = before === undefined ? 'start' : 'move';
    const because = `wave ${(waveOf.get(key) ?? 0) + 1} of ${last + 1}`;
    const round = (waveOf.get(key) ?? 0) + 1;
    return { round, action, app: app.name, worker, slot, from: before?.host ?? null, to: host, because };
  });
  const rest = old.filter(({ id }) => !taken.has(id));
  const stops = rest.map(({ spec, slot, host }): WhatIfStep => {
    const because = 'nothing takes its place';
    return { round: last + 1, action: 'stop', app: app.name, worker: spec.name, slot, from: host, to: null, because };
  });
  return [...starts, ...stops].sort(inOrder);
}

function inOrder(one: WhatIfStep, other: WhatIfStep): number {
  const byWorker = one.worker < other.worker ? -1 : one.worker > other.worker ? 1 : 0;
  return one.round - other.round || byWorker || one.slot - other.slot;
}
