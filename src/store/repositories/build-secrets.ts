import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import { buildSecretFaults } from '../../domain/build/build-secret-faults.js';
import { invalidConfig } from '../../domain/config-set/merge-config.js';
import { BuildSecretRow } from '../entities/index.js';
import { presentCaller } from '../present-caller.js';
import { openBuildSecret, sealBuildSecret } from '../sealed-build-secret.js';
import { SecretBox } from '../secret-box.js';
import { lockApp } from './lock-app.js';

/** What may be known of the secrets of an app's builds. */
export interface BuildSecretsSeen {
  /** Rises with each change. */
  readonly version: number;
  /** The present ones, by name. */
  readonly secrets: readonly BuildSecretRow[];
}

/** A change of them, as it was sent: a text sets one, null removes it, and what is not named stays. */
export interface BuildSecretsChange {
  readonly appId: string;
  readonly secrets: Readonly<Record<string, unknown>>;
  /** Throws when the version is not the one that the caller has read. */
  readonly require: (version: number) => void;
}

/** Secrets of builds: given to `RUN --mount=type=secret,id=NAME`, and shown to nobody. */
@Injectable()
export class BuildSecrets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** The values by name, for who builds, and for nobody else. Throws the sentence of the first that cannot be opened. */
  async read(appId: string): Promise<Record<string, string>> {
    const rows = await presentOf(this.dataSource.manager, appId);
    return Object.fromEntries(rows.map((row) => [row.name, openBuildSecret(this.box, row, row.secret)]));
  }

  /** All that may be seen of them. */
  async seen(appId: string, manager: EntityManager = this.dataSource.manager): Promise<BuildSecretsSeen> {
    return { version: await versionOf(manager, appId), secrets: await presentOf(manager, appId) };
  }

  /** Sets and removes some. One that is set to the value that it has stays as it is. */
  async change({ appId, secrets, require }: BuildSecretsChange): Promise<BuildSecretsSeen> {
    return this.dataSource.transaction(async (manager) => {
      await lockApp(manager, appId, 'update');
      const { version, secrets: present } = await this.seen(appId, manager);
      require(version);
      const names = present.map(({ name }) => name);
      const faults = buildSecretFaults(names, secrets);
      if (faults.length > 0) throw invalidConfig(faults);
      const now = new Map(present.map((row) => [row.name, row]));
      for (const [name, value] of Object.entries(secrets) as [string, string | null][])
        await this.changeOne(manager, { appId, name, value, row: now.get(name) ?? null });
      return this.seen(appId, manager);
    });
  }

  private async changeOne(manager: EntityManager, { appId, name, value, row }: ChangeOfOne): Promise<void> {
    if (row !== null && value !== null && this.holds(row, value)) return;
    if (row !== null) await manager.update(BuildSecretRow, { id: row.id }, { retiredAt: new Date() });
    if (value === null) return;
    const version = 1 + ((await manager.maximum(BuildSecretRow, 'version', { appId, name })) ?? 0);
    const secret = sealBuildSecret(this.box, { appId, name }, value);
    const author = presentCaller()?.name ?? null;
    await manager.insert(BuildSecretRow, { appId, name, version, secret, author });
  }

  /** What cannot be opened any more is another value. */
  private holds(row: BuildSecretRow, value: string): boolean {
    try {
      return openBuildSecret(this.box, row, row.secret) === value;
    } catch {
      return false;
    }
  }
}

interface ChangeOfOne {
  readonly appId: string;
  readonly name: string;
  readonly value: string | null;
  /** The present one of this name. */
  readonly row: BuildSecretRow | null;
}

function presentOf(manager: EntityManager, appId: string): Promise<BuildSecretRow[]> {
  return manager.find(BuildSecretRow, { where: { appId, retiredAt: IsNull() }, order: { name: 'ASC' } });
}

/** Rows are added and retired, and never go: every change makes this number larger. */
async function versionOf(manager: EntityManager, appId: string): Promise<number> {
  const [row] = await manager.query<{ version: number }[]>(
    'SELECT (1 + count(*) + count(retired_at))::int AS version FROM build_secrets WHERE app_id = $1',
    [appId],
  );
  return row?.version ?? 1;
}
