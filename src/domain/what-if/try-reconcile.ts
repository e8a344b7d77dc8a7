import type { Observation } from '../instance/instance.js';
import type { ObservedInstance } from '../instance/plan-instance.js';
import { placeWaves } from '../placement/place-waves.js';
import { planReconcile, type ReconcilePlan } from '../reconcile/plan-reconcile.js';
import type { MissingInstance } from '../reconcile/reconcile-snapshot.js';
import { waveNeedOf } from '../reconcile/wave-need.js';
import { HostBook } from './host-book.js';
import type { WhatIfApp, WhatIfOutcome, WhatIfStep, WhatIfUnplaced, WhatIfWorld } from './what-if.js';

/** So many rounds are tried: each moves a share of every worker, so that it takes few. */
const MOST_ROUNDS = 100;
/** Of very many instances fewer rounds are tried, so that who asks has an answer within a second or two. */
const MOST_LOOKS = 30_000;
const FEWEST_ROUNDS = 3;

/** What a container is seen as when all goes well. */
const WELL: Observation = {
  container: 'running',
  hostLostBecause: null,
  exitCode: null,
  outOfMemory: false,
  restarts: 0,
  check: 'passing',
  checkOutput: null,
};

/**
 * Plays through what reconciles would do: the planner of the engine decides round after round, the placement of the
 * engine finds the hosts, and what is started works. Ends when nothing is left to do.
 */
export function tryReconcile({ hosts, apps }: WhatIfWorld): WhatIfOutcome {
  const book = new HostBook(hosts);
  const trials = apps.map((app) => new Trial(app, book));
  const steps: WhatIfStep[] = [];
  const rounds = roundsFor(apps);
  for (let round = 1; round <= rounds; round += 1) {
    const done = trials.map((trial) => trial.play(round));
    for (const each of done) steps.push(...each.steps);
    if (!done.some(({ moved }) => moved)) return outcomeOf({ steps, trials, book, truncated: false });
  }
  return outcomeOf({ steps, trials, book, truncated: true });
}

function outcomeOf(played: Played): WhatIfOutcome {
  const { steps, trials, book, truncated } = played;
  return { steps, truncated, unplaced: trials.flatMap(({ unplaced }) => unplaced), hosts: book.outcome() };
}

function roundsFor(apps: readonly WhatIfApp[]): number {
  const wanted = apps.flatMap(({ snapshot }) => snapshot.workers.map(({ scale }) => scale));
  const there = apps.reduce((sum, { snapshot }) => sum + snapshot.instances.length, 1);
  const looks = Math.floor(MOST_LOOKS / wanted.reduce((sum, scale) => sum + scale, there));
  return Math.max(FEWEST_ROUNDS, Math.min(MOST_ROUNDS, looks));
}

interface Played {
  readonly steps: readonly WhatIfStep[];
  readonly trials: readonly Trial[];
  readonly book: HostBook;
  readonly truncated: boolean;
}

/** One app while it is tried. */
class Trial {
  /** What found no place in the last round. */
  unplaced: readonly WhatIfUnplaced[] = [];
  private instances: readonly ObservedInstance[];
  private count = 0;

  constructor(
    private readonly given: WhatIfApp,
    private readonly book: HostBook,
  ) {
    this.instances = given.snapshot.instances.map((each) => comeUp(each, given.snapshot.now));
  }

  /** One look of the engine: what leaves is gone, what is due is decided, and what finds a place works. */
  play(round: number): { readonly steps: readonly WhatIfStep[]; readonly moved: boolean } {
    const left = this.sweep();
    const { snapshot } = this.given;
    const plan = planReconcile({
      ...snapshot,
      hosts: this.book.standings(snapshot.hosts),
      instances: this.instances,
    });
    const started = this.start(plan.start);
    const steps = this.stepsOf(plan, started, round);
    this.change(plan, started);
    return { steps, moved: left > 0 || steps.length > 0 || plan.stop.length > 0 };
  }

  /** What was told to stop makes room. On a host that does not answer it keeps its room, as it does in the world. */
  private sweep(): number {
    const leaving = this.instances.filter(
      ({ instance, seen }) => instance.desired === 'stopped' && seen.container !== 'unknown',
    );
    for (const { instance } of leaving) this.book.remove(instance.host, instance.spec.resources);
    const gone = new Set(leaving.map(({ instance }) => instance.id));
    this.instances = this.instances.filter(({ instance }) => !gone.has(instance.id));
    return leaving.length;
  }

  private start(missing: readonly MissingInstance[]): Started[] {
    const now = this.instances.map(({ instance }) => instance);
    const { placed, unplaced } = placeWaves(
      missing.map((each) => waveNeedOf(each, this.given)),
      this.book.candidates(this.given, now, missing),
      [],
    );
    const byKey = new Map(missing.map((each) => [waveNeedOf(each, this.given).need.key, each]));
    this.unplaced = unplaced
      .filter(({ need }) => byKey.get(need.key)?.onlyHost === null)
      .map(({ need: { worker, slot }, refusals }) => ({ app: this.given.app.name, worker, slot, refusals }));
    return placed.flatMap(({ need, host }) => {
      const found = byKey.get(need.key);
      return found === undefined ? [] : [{ missing: found, host, key: need.key }];
    });
  }

  private change({ stop }: ReconcilePlan, started: readonly Started[]): void {
    const stopped = new Set(stop.map(({ instance }) => instance.id));
    const replaced = new Set(started.flatMap(({ missing }) => missing.predecessor?.id ?? []));
    const kept = this.instances.map((each) => {
      if (stopped.has(each.instance.id)) return desiring(each, 'stopped');
      const whole = isBroken(each) ? { ...each, seen: WELL } : each;
      return replaced.has(each.instance.id) ? desiring(whole, 'replace') : whole;
    });
    this.instances = [...kept, ...started.map((each) => this.come(each))];
  }

  private come({ missing, host, key }: Started): ObservedInstance {
    const { worker, slot, deployId, attempt, wave } = missing;
    const { app, snapshot } = this.given;
    this.count += 1;
    this.book.add(host, worker.spec.resources);
    const times = { plannedAt: snapshot.now, startedAt: 0, healthyAt: 0, liveAt: 0, drainingAt: null, endedAt: null };
    const state = { desired: 'running' as const, state: 'healthy' as const, standby: false, failure: null };
    const place = { host, hostPort: null, containerName: key };
    const key_ = { appId: app.id, environmentId: '', workerId: worker.workerId, deployId, slot, attempt, wave };
    const instance = { id: `tried-${this.count}`, ...key_, ...place, ...times, ...state, spec: worker.spec };
    return { instance, seen: WELL };
  }

  private stepsOf(plan: ReconcilePlan, started: readonly Started[], round: number): WhatIfStep[] {
    const app = this.given.app.name;
    const starts = started.map(({ missing, host }): WhatIfStep => {
      const { worker, slot, predecessor, because } = missing;
      const stopped = plan.stop.find(({ instance }) => instance.workerId === worker.workerId && instance.slot === slot);
      const from = predecessor?.host ?? stopped?.instance.host ?? null;
      const why = stopped?.because ?? because;
      const action = from === null ? 'start' : 'move';
      return { round, action, app, worker: worker.spec.name, slot, from, to: host, because: why };
    });
    const others = plan.stop.filter(({ instance }) => instance.desired === 'running' && !isRefilled(instance, started));
    const stops = others.map(({ instance: { spec, slot, host }, because }): WhatIfStep => {
      return { round, action: 'stop', app, worker: spec.name, slot, from: host, to: null, because };
    });
    const broken = plan.steps.filter(({ kind, instance }) => kind === 'start' && instance.state === 'healthy');
    const restarts = broken.map(({ instance: { spec, slot, host } }): WhatIfStep => {
      const because = 'its container or its entry in Consul is gone';
      return { round, action: 'restart', app, worker: spec.name, slot, from: host, to: host, because };
    });
    return [...stops, ...starts, ...restarts];
  }
}

/** A missing instance and the host that it gets. */
interface Started {
  readonly missing: MissingInstance;
  readonly host: string;
  /** Name of its container. */
  readonly key: string;
}

function isRefilled({ workerId, slot }: { workerId: string; slot: number }, started: readonly Started[]): boolean {
  return started.some(({ missing }) => missing.worker.workerId === workerId && missing.slot === slot);
}

/** What is on its way up is taken to come. */
function comeUp(each: ObservedInstance, now: number): ObservedInstance {
  const { state, desired } = each.instance;
  if (desired === 'stopped' || (state !== 'planned' && state !== 'started')) return settledSince(each, now);
  const times = { startedAt: 0, healthyAt: 0, liveAt: 0 };
  return { instance: { ...each.instance, ...times, state: 'healthy', standby: false }, seen: WELL };
}

/** Routers will have seen what has just been given to them. */
function settledSince(each: ObservedInstance, now: number): ObservedInstance {
  const { liveAt } = each.instance;
  return liveAt === null || liveAt > now ? each : { ...each, instance: { ...each.instance, liveAt: 0 } };
}

function isBroken({ instance, seen }: ObservedInstance): boolean {
  const lost = seen.container === 'absent' || seen.container === 'exited' || seen.check === 'absent';
  return instance.state === 'healthy' && lost && seen.hostLostBecause === null;
}

function desiring(each: ObservedInstance, desired: 'stopped' | 'replace'): ObservedInstance {
  return { ...each, instance: { ...each.instance, desired } };
}
