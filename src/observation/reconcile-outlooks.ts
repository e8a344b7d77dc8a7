import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { planReconcile, type ReconcilePlan } from '../domain/reconcile/plan-reconcile.js';
import type { ReconcileSnapshot } from '../domain/reconcile/reconcile-snapshot.js';
import { type ReconcileStep, stepsOf } from '../domain/reconcile/reconcile-step.js';
import { CLOCK, type Clock } from '../ports/clock.js';
import {
  AppEnvironments,
  type AppEnvironment,
  type AppEnvironmentKey,
} from '../store/repositories/app-environments.js';
import { Observer, type Observed } from './observer.js';
import { reconcileSnapshotOf } from './reconcile-snapshot.js';

/** What a reconcile of an app in an environment would do now, decided as the engine decides it. */
export interface ReconcileOutlook {
  readonly state: AppEnvironment;
  readonly observed: Observed;
  readonly snapshot: ReconcileSnapshot;
  readonly plan: ReconcilePlan;
  /** The plan in words; empty while a deploy is in progress, which decides. */
  readonly steps: readonly ReconcileStep[];
}

/** So many apps are looked at side by side: a look asks every host of its pool. */
const SIDE_BY_SIDE = 8;

/** Looks at what is there and says what a reconcile would do, without doing it. */
@Injectable()
export class ReconcileOutlooks {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly environment: Environment,
    private readonly appEnvironments: AppEnvironments,
    private readonly observer: Observer,
  ) {}

  /**
   * The outlook of one app in one environment; null when either is not there. `patience` is how long each host may take
   * to answer, in milliseconds, where that is less than the adapters grant.
   */
  async of(key: AppEnvironmentKey, patience?: number): Promise<ReconcileOutlook | null> {
    const state = await this.appEnvironments.read(key);
    if (state === null) return null;
    const observed = await this.observer.observe(state, patience);
    const time = { now: this.clock.now(), graceMs: this.environment.HOST_GRACE_SECONDS * 1000 };
    const snapshot = reconcileSnapshotOf(state, observed, time);
    const plan = planReconcile(snapshot);
    return { state, observed, snapshot, plan, steps: state.rollout === null ? stepsOf(plan, state.app.name) : [] };
  }

  /** The outlooks of many, some side by side; those that are not there are left out. */
  async ofAll(keys: readonly AppEnvironmentKey[], patience?: number): Promise<readonly ReconcileOutlook[]> {
    const found: ReconcileOutlook[] = [];
    for (let at = 0; at < keys.length; at += SIDE_BY_SIDE) {
      const some = keys.slice(at, at + SIDE_BY_SIDE).map((key) => this.of(key, patience));
      for (const outlook of await Promise.all(some)) if (outlook !== null) found.push(outlook);
    }
    return found;
  }
}
