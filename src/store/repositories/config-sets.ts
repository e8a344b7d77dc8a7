import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Config, mergeConfig, sameConfig } from '../../domain/config-set/merge-config.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { AppRow, ConfigSetRow, ConfigVersionRow } from '../entities/index.js';
import { isUniqueViolation } from '../uniquely.js';
import { idOrNotFound } from './directory.js';

/** A Config Set and the variables of its newest version. */
export interface ConfigSet {
  readonly row: ConfigSetRow;
  readonly config: Config;
}

/** A change of one. */
export interface ConfigSetChange {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Throws when the version is not the one that the caller has read. */
  readonly require: (version: number) => void;
}

/** Config Sets: each change is a new version, written under a lock of its row, so that none of two at once is lost. */
@Injectable()
export class ConfigSets {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes the first version. Where there is one already, throws `conflict` with its id. */
  async create(
    place: { readonly appId: string; readonly environmentId: string },
    config: Config,
    manager: EntityManager,
  ): Promise<ConfigSet> {
    try {
      const row = await manager.save(ConfigSetRow, { ...place, version: 1 } as ConfigSetRow);
      await manager.insert(ConfigVersionRow, { configSetId: row.id, version: 1, config });
      return { row: await manager.findOneByOrFail(ConfigSetRow, { id: row.id }), config };
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw await this.thereIsOne(place);
    }
  }

  /** One by id; that of a deleted app is gone. */
  async get(id: string, manager: EntityManager = this.dataSource.manager): Promise<ConfigSet> {
    const row = await manager
      .createQueryBuilder(ConfigSetRow, 'config_set')
      .innerJoin(AppRow, 'app', 'app.id = config_set.app_id AND app.deleted_at IS NULL')
      .where('config_set.id = :id', { id: idOrNotFound('config set', id) })
      .getOne();
    if (row === null) throw notFound('config set', id);
    const [set] = await this.withConfig([row], manager);
    return set as ConfigSet;
  }

  /** Merges a change into the newest version; a change that changes nothing writes nothing. */
  async merge({ id, config: change, require }: ConfigSetChange): Promise<ConfigSet> {
    await this.get(id);
    return this.dataSource.transaction(async (manager) => {
      const row = await lock(manager, id);
      require(row.version);
      const [current] = await this.withConfig([row], manager);
      const config = mergeConfig(current?.config ?? {}, change);
      if (sameConfig(config, current?.config ?? {})) return { row, config };
      const version = row.version + 1;
      await manager.insert(ConfigVersionRow, { configSetId: row.id, version, config });
      await manager.update(ConfigSetRow, { id: row.id, version: row.version }, { version, updatedAt: new Date() });
      return { row: await manager.findOneByOrFail(ConfigSetRow, { id: row.id }), config };
    });
  }

  /** Rows with their variables, in the same order. */
  async withConfig(
    rows: readonly ConfigSetRow[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ConfigSet[]> {
    if (rows.length === 0) return [];
    const versions = await manager.find(ConfigVersionRow, {
      where: rows.map(({ id, version }) => ({ configSetId: id, version })),
    });
    const configs = new Map(versions.map(({ configSetId, config }) => [configSetId, config]));
    return rows.map((row) => ({ row, config: configs.get(row.id) ?? {} }));
  }

  /** The failed transaction cannot be asked any more, so another connection is. */
  private async thereIsOne(place: { readonly appId: string; readonly environmentId: string }): Promise<DomainError> {
    const row = await this.dataSource.manager.findOneBy(ConfigSetRow, place);
    const which = row === null ? '' : `, ${row.id}: PUT /config_sets/${row.id} merges variables into it`;
    return new DomainError('conflict', `The app has a Config Set in this environment already${which}.`);
  }
}

async function lock(manager: EntityManager, id: string): Promise<ConfigSetRow> {
  const row = await manager.findOne(ConfigSetRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (row === null) throw notFound('config set', id);
  return row;
}
