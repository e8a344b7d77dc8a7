import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid } from '../../domain/kernel/errors.js';
import { type AppRow, type EnvironmentRow, StackRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import type { ChangeDto } from './change.dto.js';
import { ConfigPlans } from './config-plans.service.js';
import type { CreatePlanDto, PlanDto } from './plan.dto.js';
import type { PlanPlace } from './plan-place.js';
import { readChange } from './read-change.js';
import { ReconcilePlans } from './reconcile-plans.service.js';
import { RolloutPlans } from './rollout-plans.service.js';

/** Says what a change would do, and does nothing. */
@Injectable()
export class PlansService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly rollouts: RolloutPlans,
    private readonly reconciles: ReconcilePlans,
    private readonly configs: ConfigPlans,
  ) {}

  /** `form`: whether the body came as a form, whose values are all strings. */
  async plan(body: CreatePlanDto, form: boolean): Promise<PlanDto> {
    const change = readChange(body.change, form);
    const key = appKeyOf(body, change);
    const environment = await this.directory.environment(body.environment);
    const app = key === undefined ? null : await this.directory.app(key);
    switch (change.kind) {
      case 'deploy':
        return this.rollouts.plan(await this.placeOf(app, environment), change);
      case 'scale':
        return this.reconciles.scale(await this.placeOf(app, environment), change);
      case 'config':
        return this.configs.plan(await this.placeOf(app, environment), change);
      case 'lose_host':
        return this.reconciles.loseHost({ environment, app }, change);
      case 'add_hosts':
        return this.reconciles.addHosts({ environment, app }, change);
      case 'group_of':
        return this.reconciles.groupOf({ environment, app }, change);
    }
  }

  private async placeOf(app: AppRow | null, environment: EnvironmentRow): Promise<PlanPlace> {
    if (app === null) throw invalid('app', 'is required for this kind of change.');
    const { name } = await this.dataSource.manager.findOneByOrFail(StackRow, { id: app.stackId });
    return { app, environment, stack: name };
  }
}

/** The app may stand beside the change or in it. */
function appKeyOf({ app }: CreatePlanDto, change: ChangeDto): string | undefined {
  const inner = 'app' in change ? change.app : undefined;
  if (app !== undefined && inner !== undefined && app !== inner)
    throw invalid('change.app', `is ${inner}, but app is ${app}; say it once.`);
  return inner ?? app;
}
