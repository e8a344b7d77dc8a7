import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { diffVariables } from '../../domain/config-set/diff-variables.js';
import { changedSettings } from '../../domain/worker/changed-settings.js';
import { ConfigVersionRow, WorkerRow, type DeployRow } from '../entities/index.js';
import { specOf } from '../worker-spec.js';
import { AppEnvironments, type AppEnvironmentKey } from './app-environments.js';

/** A worker whose settings are others than those that were rolled out. */
export interface ChangedWorker {
  readonly worker: string;
  /** `changed`; `added`: it was not rolled out, as an earlier release did not have it; `removed`: it was, and is gone. */
  readonly change: 'changed' | 'added' | 'removed';
  /** Names of the settings, as on the wire. */
  readonly fields: readonly string[];
}

/** Variables that are others than those of the containers; values are never in it. */
export interface ChangedConfig {
  /** 1 and up; null where the deploy had none. */
  readonly deployedVersion: number | null;
  readonly newestVersion: number;
  /** Names of the variables. */
  readonly variables: readonly string[];
}

/** What the next deploy brings besides its commit. */
export interface PendingChanges {
  readonly workers: readonly ChangedWorker[];
  /** Null where nothing changed. */
  readonly config: ChangedConfig | null;
}

/** Reads what was changed since the current deploy and waits for the next. */
@Injectable()
export class PendingChangesReader {
  constructor(
    private readonly dataSource: DataSource,
    private readonly appEnvironments: AppEnvironments,
  ) {}

  /** Workers and variables as they are now against those of the deploy that is current. */
  async since(current: DeployRow): Promise<PendingChanges> {
    const { appId, environmentId } = current;
    const rows = await this.dataSource.manager.find(WorkerRow, {
      where: { appId, environmentId },
      order: { name: 'ASC' },
    });
    return { workers: workersOf(rows, current), config: await this.config(current, { appId, environmentId }) };
  }

  private async config({ configVersionId }: DeployRow, key: AppEnvironmentKey): Promise<ChangedConfig | null> {
    const newestId = await this.appEnvironments.newestConfigVersionId(key);
    if (newestId === null || newestId === configVersionId) return null;
    const [newest, deployed] = await Promise.all([this.version(newestId), this.version(configVersionId)]);
    if (newest === null) return null;
    const variables = diffVariables(deployed ?? { config: {}, secrets: {} }, newest).map(({ name }) => name);
    return { deployedVersion: deployed?.version ?? null, newestVersion: newest.version, variables };
  }

  private async version(id: string | null): Promise<ConfigVersionRow | null> {
    return id === null ? null : this.dataSource.manager.findOneBy(ConfigVersionRow, { id });
  }
}

/** A worker that is younger than the deploy runs without waiting for the next. */
function workersOf(rows: readonly WorkerRow[], { workers, createdAt }: DeployRow): ChangedWorker[] {
  if (workers === null) return [];
  const deployed = workers;
  const now = rows.flatMap((row): ChangedWorker[] => {
    const before = deployed.find(({ name }) => name === row.name);
    if (before === undefined)
      return row.createdAt > createdAt ? [] : [{ worker: row.name, change: 'added', fields: [] }];
    const fields = changedSettings(before, specOf(row));
    return fields.length === 0 ? [] : [{ worker: row.name, change: 'changed', fields }];
  });
  const gone = deployed.filter(({ name }) => !rows.some((row) => row.name === name));
  return [...now, ...gone.map(({ name }) => ({ worker: name, change: 'removed' as const, fields: [] }))];
}
