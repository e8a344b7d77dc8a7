import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { AppRow, ConfigSetRow, type DeployRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { type ConfigSet, ConfigSets } from '../../store/repositories/config-sets.js';
import { Directory } from '../../store/repositories/directory.js';
import { lockApp } from '../../store/repositories/lock-app.js';
import { Places } from '../../store/repositories/places.js';
import { ConfigRolls, type Rolled, type WriteChange } from './config-rolls.service.js';
import { viewOf } from './config-set-view.js';
import type {
  ChangedConfigSetDto,
  ConfigSetDto,
  CreateConfigSetDto,
  ListConfigSetsDto,
  MergeConfigSetDto,
  RevertConfigSetDto,
  RollDto,
} from './config-set.dto.js';

/** Config Sets as the API shows and changes them. */
@Injectable()
export class ConfigSetsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly configSets: ConfigSets,
    private readonly places: Places,
    private readonly rolls: ConfigRolls,
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

  async create(body: CreateConfigSetDto): Promise<Tagged<ConfigSetDto>> {
    const { id: appId } = await this.directory.app(body.app);
    const { id: environmentId } = await this.directory.environment(body.environment);
    const first = { config: body.config ?? {}, secrets: body.secrets ?? {}, reason: body.reason ?? null };
    const created = await this.dataSource.transaction(async (manager) => {
      await lockApp(manager, appId, 'share');
      return this.configSets.create({ appId, environmentId }, first, manager);
    });
    return this.tagged(created);
  }

  /** Merges variables. Changes to secrets are told by name, never by value. */
  async merge(id: string, body: MergeConfigSetDto, precondition: Precondition): Promise<Tagged<ChangedConfigSetDto>> {
    const { config = {}, secrets = {}, reason = null, apply, ...place } = body;
    const set = await this.configSets.get(id);
    await this.directory.requireSamePlace(set.row, place);
    const require = (version: number): void => precondition.require(version);
    return this.change(set, apply, (manager) =>
      this.configSets.merge(manager, { id: set.row.id, config, secrets, reason, require }),
    );
  }

  /** Brings an earlier version back, as a new one. */
  async revert(
    id: string,
    { version, reason, apply }: RevertConfigSetDto,
    precondition: Precondition,
  ): Promise<Tagged<ChangedConfigSetDto>> {
    const set = await this.configSets.get(id);
    const require = (now: number): void => precondition.require(now);
    const why = reason ?? `back to version ${version}`;
    return this.change(set, apply, (manager) =>
      this.configSets.revert(manager, { id: set.row.id, version, reason: why, require }),
    );
  }

  private async change(
    set: ConfigSet,
    apply: MergeConfigSetDto['apply'],
    write: WriteChange,
  ): Promise<Tagged<ChangedConfigSetDto>> {
    if (apply === 'roll') await this.rolls.require(set);
    const done: Rolled =
      apply === 'roll'
        ? await this.rolls.roll(set, write)
        : { set: await this.dataSource.transaction(write), deploy: null, notice: null };
    const { data, version } = await this.tagged(done.set);
    const deploy = done.deploy === null ? null : rollViewOf(done.deploy);
    return new Tagged({ ...data, deploy, notice: noticeOf(done) }, version);
  }

  /** Fingerprints change with the key, without a new version. */
  private async tagged(set: ConfigSet): Promise<Tagged<ConfigSetDto>> {
    const [view] = await this.viewsOf([set]);
    return new Tagged(view as ConfigSetDto, set.row.version, Object.keys(set.secrets).length > 0);
  }

  private async viewsOf(sets: readonly ConfigSet[]): Promise<ConfigSetDto[]> {
    const places = await this.places.around(sets.map(({ row }) => row));
    return sets.map((set) => viewOf(set, places));
  }
}

const rollViewOf = ({ id, state, queued }: DeployRow): RollDto => ({ id, state, queued });

function noticeOf({ set, notice }: Rolled): string | null {
  if (set.hidden.length === 0) return notice;
  const names = set.hidden.join(', ');
  const readable = `What ${names} was before it became a secret can still be read in the versions before ${set.row.version}: give it a new value.`;
  return [notice, readable].filter((sentence) => sentence !== null).join(' ');
}
