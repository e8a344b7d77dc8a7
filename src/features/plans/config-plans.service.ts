import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { changeVariables } from '../../domain/config-set/change-variables.js';
import { diffVariables } from '../../domain/config-set/diff-variables.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { within } from '../../http/input/input.pipe.js';
import { ConfigVersionRow } from '../../store/entities/index.js';
import { sizeOf } from '../../store/sealed-secrets.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import type { ConfigChangeDto } from './change.dto.js';
import type { PlanDto } from './plan.dto.js';
import type { PlanPlace } from './plan-place.js';

/** Says what other variables would do: nothing at once. */
@Injectable()
export class ConfigPlans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly appEnvironments: AppEnvironments,
  ) {}

  /** The variables that the next deploy would bring, by name, and whom it would exchange. */
  async plan({ app, environment }: PlanPlace, change: ConfigChangeDto): Promise<PlanDto> {
    const key = { appId: app.id, environmentId: environment.id };
    const newest = await this.configOf(await this.appEnvironments.newestConfigVersionId(key));
    const state = await this.appEnvironments.read(key);
    const deployed = await this.configOf(state?.current?.configVersionId ?? null);
    const wanted = merged(newest, change.config);
    const variables = diffVariables(deployed, wanted).map(({ name }) => name);
    const workers = (state?.workers ?? []).filter(({ scale }) => scale > 0);
    const count = workers.reduce((sum, { scale }) => sum + scale, 0);
    const next = `the next deploy brings them, and exchanges ${count} ${count === 1 ? 'instance' : 'instances'}`;
    const answer =
      variables.length === 0
        ? 'Nothing would change: the containers have these variables.'
        : `Nothing would change now: ${next}.`;
    return {
      ...{ would_change: false, answer, steps: [], unplaced: [], hosts: [], pools: [], notes: [] },
      next_deploy: { variables, workers: variables.length === 0 ? [] : workers.map(({ spec }) => spec.name) },
    };
  }

  /** Secrets are compared by what may be known of them; none is opened. */
  private async configOf(id: string | null): Promise<Known> {
    const row = id === null ? null : await this.dataSource.manager.findOneBy(ConfigVersionRow, { id });
    return row ?? { config: {}, secrets: {} };
  }
}

type Known = Pick<ConfigVersionRow, 'config' | 'secrets'>;

function merged({ config, secrets }: Known, change: Readonly<Record<string, unknown>>): Known {
  const secretSizes = Object.fromEntries(Object.entries(secrets).map(([name, { sealed }]) => [name, sizeOf(sealed)]));
  try {
    return { config: changeVariables({ config, secretSizes }, { config: change, secrets: {} }).config, secrets };
  } catch (error) {
    throw error instanceof DomainError ? within('change', error) : error;
  }
}
