import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PushRuleRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { Places, type PlacesSeen } from '../../store/repositories/places.js';
import { PushRules } from '../../store/repositories/push-rules.js';
import { withinSight } from '../../store/within-sight.js';
import { placeViewOf } from '../apps/place-view.js';
import type { CreatePushRuleDto, ListPushRulesDto, PushRuleDto } from './push-rule.dto.js';

/** Push rules as the API shows and changes them. */
@Injectable()
export class PushRulesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly rules: PushRules,
    private readonly places: Places,
  ) {}

  async list(app: string, query: ListPushRulesDto): Promise<Page<PushRuleDto>> {
    const { id: appId } = await this.directory.app(app);
    const select = this.dataSource.getRepository(PushRuleRow).createQueryBuilder('rule').where({ appId });
    const columns = { app: 'rule.appId', environment: 'rule.environmentId' };
    const page = await readPage(withinSight(select, columns), query);
    const seen = await this.places.around(page.items);
    return page.map((rule) => viewOf(rule, seen));
  }

  async get(app: string, ruleId: string): Promise<PushRuleDto> {
    const { id: appId } = await this.directory.app(app);
    return this.view(await this.rules.get(appId, ruleId));
  }

  async create(app: string, { branch, environment }: CreatePushRuleDto): Promise<PushRuleDto> {
    const { id: appId } = await this.directory.app(app);
    const { id: environmentId } = await this.directory.environment(environment);
    return this.view(await this.rules.create({ appId, branch, environmentId }));
  }

  async delete(app: string, ruleId: string): Promise<PushRuleDto> {
    const { id: appId } = await this.directory.app(app);
    return this.view(await this.rules.delete(appId, ruleId));
  }

  private async view(rule: PushRuleRow): Promise<PushRuleDto> {
    return viewOf(rule, await this.places.around([rule]));
  }
}

function viewOf(rule: PushRuleRow, seen: PlacesSeen): PushRuleDto {
  const { id, branch, createdAt } = rule;
  return { id, ...placeViewOf(rule, seen), branch, created_at: createdAt.toISOString() };
}
