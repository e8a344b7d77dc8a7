import { Injectable } from '@nestjs/common';
import type { Observation } from '../../domain/instance/instance.js';
import { planReconcile } from '../../domain/reconcile/plan-reconcile.js';
import { type ReconcileStep, stepsOf } from '../../domain/reconcile/reconcile-step.js';
import { type AppEnvironmentKey, AppEnvironments } from '../../store/repositories/app-environments.js';

/** What is seen where nobody looks: this process has no door to Docker, so what is written down is taken as it is. */
const AS_WRITTEN: Observation = {
  container: 'running',
  hostLostBecause: null,
  exitCode: null,
  outOfMemory: false,
  restarts: 0,
  check: 'passing',
  checkOutput: null,
};

/** Says what a reconcile would do, by the very planner that the engine uses. */
@Injectable()
export class PreviewService {
  constructor(private readonly appEnvironments: AppEnvironments) {}

  /** The steps for one app in one environment, from what is stored; none while a deploy is in progress, which decides. */
  async plan(key: AppEnvironmentKey): Promise<ReconcileStep[]> {
    const state = await this.appEnvironments.read(key);
    if (state === null || state.rollout !== null) return [];
    const { app, current, workers, lastAttempts } = state;
    const plan = planReconcile({
      now: Date.now(),
      currentDeployId: app.deletedAt === null ? (current?.id ?? null) : null,
      workers,
      lastAttempts,
      instances: state.instances.map((instance) => ({ instance, seen: AS_WRITTEN })),
    });
    return stepsOf(plan, app.name);
  }
}
