import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import { EnvironmentRow, HostPoolRow, ScalingSettingsRow, StackRow } from '../entities/index.js';

/** The one row of the settings of scaling. */
const SETTINGS = 1;

/** A stack in an environment, by name. */
export interface PoolPlace {
  readonly stack: string;
  readonly environment: string;
}

/** The pools of hosts that Jockey keeps. */
@Injectable()
export class HostPoolRecords {
  constructor(private readonly dataSource: DataSource) {}

  /** All that are not deleted, oldest first. */
  async all(manager: EntityManager = this.dataSource.manager): Promise<HostPoolRow[]> {
    return manager.find(HostPoolRow, { where: { deletedAt: IsNull() }, order: { id: 'ASC' } });
  }

  /** One that is not deleted; null where there is none. */
  async find(id: string, manager: EntityManager = this.dataSource.manager): Promise<HostPoolRow | null> {
    return manager.findOneBy(HostPoolRow, { id, deletedAt: IsNull() });
  }

  /** That of a stack in an environment; null where there is none. */
  async at(
    stackId: string,
    environmentId: string,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<HostPoolRow | null> {
    return manager.findOneBy(HostPoolRow, { stackId, environmentId, deletedAt: IsNull() });
  }

  /** That of a group; null where there is none. */
  async ofGroup(region: string, groupName: string): Promise<HostPoolRow | null> {
    return this.dataSource.manager.findOneBy(HostPoolRow, { region, groupName, deletedAt: IsNull() });
  }

  /** The one that a machine was ever seen in; null where there is none. */
  async ofMachine(region: string, instanceId: string): Promise<HostPoolRow | null> {
    return this.dataSource
      .getRepository(HostPoolRow)
      .createQueryBuilder('pool')
      .where('pool.deletedAt IS NULL AND pool.region = :region', { region })
      .andWhere('EXISTS (SELECT 1 FROM pool_hosts h WHERE h.pool_id = pool.id AND h.instance_id = :instanceId)', {
        instanceId,
      })
      .getOne();
  }

  /** The names of where a pool is. */
  async placeOf({ stackId, environmentId }: HostPoolRow): Promise<PoolPlace> {
    const { manager } = this.dataSource;
    const [stack, environment] = await Promise.all([
      manager.findOneByOrFail(StackRow, { id: stackId }),
      manager.findOneByOrFail(EnvironmentRow, { id: environmentId }),
    ]);
    return { stack: stack.name, environment: environment.name };
  }

  /** What counts for all pools. */
  async settings(manager: EntityManager = this.dataSource.manager): Promise<ScalingSettingsRow> {
    return manager.findOneByOrFail(ScalingSettingsRow, { id: SETTINGS });
  }

  /** Whether it is done or only told: the weaker word counts. */
  async modeOf({ mode }: HostPoolRow): Promise<ScalingMode> {
    return mode === 'advice' ? mode : (await this.settings()).mode;
  }
}
