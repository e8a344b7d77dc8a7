import { Injectable } from '@nestjs/common';
import type { ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import { ReconcileOutlooks } from '../../observation/reconcile-outlooks.js';
import type { AppEnvironmentKey } from '../../store/repositories/app-environments.js';

/** Says what a reconcile would do, from what is really there and by the very planner that the engine uses. */
@Injectable()
export class PreviewService {
  constructor(private readonly outlooks: ReconcileOutlooks) {}

  /** The steps for one app in one environment; none while a deploy is in progress, which decides. */
  async plan(key: AppEnvironmentKey): Promise<readonly ReconcileStep[]> {
    return (await this.outlooks.of(key))?.steps ?? [];
  }
}
