import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { matchesBranch } from '../../domain/push/matches-branch.js';
import { EnvironmentRow, PushRuleRow } from '../entities/index.js';
import { uniquely } from '../uniquely.js';
import { withinSight } from '../within-sight.js';
import { idOrNotFound } from './directory.js';
import { lockApp } from './lock-app.js';
import { environmentsOf } from './views.js';

/** What a rule is made of. */
export type NewPushRule = Pick<PushRuleRow, 'appId' | 'branch' | 'environmentId'>;

/** Which pushes of an app are deployed where. */
@Injectable()
export class PushRules {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes one; the same twice is a `conflict`. */
  async create(rule: NewPushRule): Promise<PushRuleRow> {
    return uniquely(`a push rule for ${rule.branch} and this environment`, () =>
      this.dataSource.transaction(async (manager) => {
        await lockApp(manager, rule.appId, 'share');
        const { id } = await manager.save(PushRuleRow, rule as PushRuleRow);
        return manager.findOneByOrFail(PushRuleRow, { id });
      }),
    );
  }

  /** One of this app, within sight. */
  async get(appId: string, id: string): Promise<PushRuleRow> {
    const select = this.dataSource.manager
      .createQueryBuilder(PushRuleRow, 'rule')
      .where({ id: idOrNotFound('push rule', id), appId });
    const rule = await withinSight(select, { app: 'rule.appId', environment: 'rule.environmentId' }).getOne();
    if (rule === null) throw notFound('push rule', id);
    return rule;
  }

  /** Takes one of this app away, and answers what it was. */
  async delete(appId: string, id: string): Promise<PushRuleRow> {
    const rule = await this.get(appId, id);
    await this.dataSource.manager.delete(PushRuleRow, { id: rule.id });
    return rule;
  }
}

/** The environments that a push to this branch is deployed to, each once, ordered by id. */
export async function environmentsFor(
  manager: EntityManager,
  { appId, branch }: { readonly appId: string; readonly branch: string },
): Promise<readonly EnvironmentRow[]> {
  const rules = await manager.findBy(PushRuleRow, { appId });
  const wanted = rules.filter((rule) => matchesBranch(rule.branch, branch)).map(({ environmentId }) => environmentId);
  const environments = [...(await environmentsOf(manager, wanted)).values()];
  return environments.sort((a, b) => Number(a.id) - Number(b.id));
}
