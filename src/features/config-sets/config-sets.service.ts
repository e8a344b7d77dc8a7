import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { commandLineArgs } from '../../domain/config-set/command-line-args.js';
import { mergeConfig } from '../../domain/config-set/merge-config.js';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { AppRow, ConfigSetRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { type ConfigSet, ConfigSets } from '../../store/repositories/config-sets.js';
import { Directory } from '../../store/repositories/directory.js';
import { lockApp } from '../../store/repositories/lock-app.js';
import { Places } from '../../store/repositories/places.js';
import { placeViewOf } from '../apps/place-view.js';
import type { ConfigSetDto, CreateConfigSetDto, ListConfigSetsDto, MergeConfigSetDto } from './config-set.dto.js';

/** Config Sets as the API shows and changes them. */
@Injectable()
export class ConfigSetsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly configSets: ConfigSets,
    private readonly places: Places,
  ) {}

  async list(query: ListConfigSetsDto): Promise<Page<ConfigSetDto>> {
    const select = this.dataSource
      .getRepository(ConfigSetRow)
      .createQueryBuilder('config_set')
      .innerJoin(AppRow, 'app', 'app.id = config_set.app_id AND app.deleted_at IS NULL');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    const page = await readPage(
      withinSight(select, { app: 'config_set.appId', environment: 'config_set.environmentId' }),
      query,
    );
    const views = await this.viewsOf(await this.configSets.withConfig(page.items));
    return new Page(views, page.page, page.perPage, page.totalCount);
  }

  async get(id: string): Promise<Tagged<ConfigSetDto>> {
    return this.tagged(await this.configSets.get(id));
  }

  async create({ app, environment, config = {} }: CreateConfigSetDto): Promise<Tagged<ConfigSetDto>> {
    const { id: appId } = await this.directory.app(app);
    const { id: environmentId } = await this.directory.environment(environment);
    const first = mergeConfig({}, config);
    const created = await this.dataSource.transaction(async (manager) => {
      await lockApp(manager, appId, 'share');
      return this.configSets.create({ appId, environmentId }, first, manager);
    });
    return this.tagged(created);
  }

  async merge(id: string, body: MergeConfigSetDto, precondition: Precondition): Promise<Tagged<ConfigSetDto>> {
    const { config = {}, ...place } = body;
    await this.directory.requireSamePlace((await this.configSets.get(id)).row, place);
    const merged = await this.configSets.merge({ id, config, require: (version) => precondition.require(version) });
    return this.tagged(merged);
  }

  private async tagged(set: ConfigSet): Promise<Tagged<ConfigSetDto>> {
    const [view] = await this.viewsOf([set]);
    return new Tagged(view as ConfigSetDto, set.row.version);
  }

  private async viewsOf(sets: readonly ConfigSet[]): Promise<ConfigSetDto[]> {
    const places = await this.places.around(sets.map(({ row }) => row));
    return sets.map(({ row, config }) => ({
      id: row.id,
      config: { ...config },
      config_command_line_args: commandLineArgs(config),
      ...placeViewOf(row, places),
      version: row.version,
      created_at: row.createdAt.toISOString(),
      updated_at: row.updatedAt.toISOString(),
    }));
  }
}
