import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  changeVariables,
  type ChangedVariables,
  type VariablesChange,
} from '../../domain/config-set/change-variables.js';
import { diffVariables, type SeenVariables } from '../../domain/config-set/diff-variables.js';
import type { Config } from '../../domain/config-set/merge-config.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { AppRow, ConfigSetRow, ConfigVersionRow } from '../entities/index.js';
import { redactor } from '../../domain/config-set/redact.js';
import { Redactors } from '../redactors.js';
import { presentCaller } from '../present-caller.js';
import { SecretBox } from '../secret-box.js';
import { ownerOf, type SealedSecret, type SealedSecrets, sealSecret, sizeOf } from '../sealed-secrets.js';
import { isUniqueViolation } from '../uniquely.js';
import { idOrNotFound } from './directory.js';
import { tellOfConfig } from './tell.js';

/** A Config Set and the variables of its newest version. */
export interface ConfigSet {
  readonly row: ConfigSetRow;
  /** Those that are no secrets. */
  readonly config: Config;
  readonly secrets: SealedSecrets;
}

/** A Config Set after a change. */
export interface ChangedConfigSet extends ConfigSet {
  /** Whether there is a new version. */
  readonly changed: boolean;
  /** Names that were plain before, and can be read in older versions. */
  readonly hidden: readonly string[];
}

/** A change of one. */
export interface ConfigSetChange {
  readonly id: string;
  /** Why, in the author's words. */
  readonly reason: string | null;
  /** Secrets that it sets or removes. */
  readonly secrets?: Readonly<Record<string, unknown>>;
  /** Throws when the version is not the one that the caller has read. */
  readonly require: (version: number) => void;
}

/** Variables to set and remove. */
export interface ConfigSetMerge extends ConfigSetChange, VariablesChange {
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** A way back to the variables of an earlier version. */
export interface ConfigSetRevert extends ConfigSetChange {
  readonly version: number;
}

/** Config Sets: each change is a new version, written under a lock of its row, so that none of two at once is lost. */
@Injectable()
export class ConfigSets {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
    private readonly redactors: Redactors,
  ) {}

  /** Writes the first version. Where there is one already, throws `conflict` with its id. */
  async create(place: ConfigSetPlace, first: FirstVersion, manager: EntityManager): Promise<ConfigSet> {
    const { config, set } = changeVariables(NO_VARIABLES, { secrets: {}, ...first });
    try {
      const row = await manager.save(ConfigSetRow, { ...place, version: 1 } as ConfigSetRow);
      const variables = { config, secrets: this.sealed(row.id, set, 1) };
      const reason = withoutSecrets(first.reason ?? null, set);
      await insertVersion(manager, { ...variables, configSetId: row.id, version: 1, reason });
      const names = diffVariables(NOTHING, variables).map(({ name }) => name);
      if (names.length > 0) await tellOfConfig(manager, { ...place, id: row.id }, { version: 1, names });
      return { row: await manager.findOneByOrFail(ConfigSetRow, { id: row.id }), ...variables };
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
  merge(manager: EntityManager, change: ConfigSetMerge): Promise<ChangedConfigSet> {
    return this.change(manager, change, async (now) => {
      const next = changeVariables({ config: now.config, secretSizes: sizesOf(now.secrets) }, change);
      return { config: next.config, secrets: this.secretsAfter(now, next), hidden: next.hidden };
    });
  }

  /** Makes the newest version what an earlier one was, its secrets too, which nobody has to open for that. */
  revert(manager: EntityManager, change: ConfigSetRevert): Promise<ChangedConfigSet> {
    return this.change(manager, change, async ({ row }) => {
      const { config, secrets } = await versionOf(manager, row.id, change.version);
      return { config, secrets, hidden: [] };
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
    const found = new Map(versions.map(({ configSetId, config, secrets }) => [configSetId, { config, secrets }]));
    return rows.map((row) => ({ row, ...(found.get(row.id) ?? NOTHING) }));
  }

  private async change(manager: EntityManager, change: ConfigSetChange, next: Next): Promise<ChangedConfigSet> {
    const row = await lock(manager, change.id);
    change.require(row.version);
    const [now = { row, ...NOTHING }] = await this.withConfig([row], manager);
    const { hidden, ...variables } = await next(now);
    const names = diffVariables(now, variables).map(({ name }) => name);
    if (names.length === 0) return { ...now, changed: false, hidden };
    const version = row.version + 1;
    const reason = await this.cleanReason(row, change);
    await insertVersion(manager, { ...variables, configSetId: row.id, version, reason });
    await manager.update(ConfigSetRow, { id: row.id, version: row.version }, { version, updatedAt: new Date() });
    await tellOfConfig(manager, row, { version, names });
    return { ...variables, row: await manager.findOneByOrFail(ConfigSetRow, { id: row.id }), changed: true, hidden };
  }

  /** The author's words are in every history: what is a secret, or becomes one, is taken out of them. */
  private async cleanReason({ appId, environmentId }: ConfigSetRow, change: ConfigSetChange): Promise<string | null> {
    if (change.reason === null) return null;
    const redactor = await this.redactors.of({ appId, environmentId });
    return withoutSecrets(redactor.text(change.reason), change.secrets ?? {});
  }

  /** One that is set to the value that it has stays as it is; what cannot be opened any more is another value. */
  private secretsAfter({ row, secrets }: ConfigSet, { kept, set }: ChangedVariables): SealedSecrets {
    const news = Object.entries(set).filter(([name, value]) => !this.holds({ row, secrets }, name, value));
    const stay = Object.entries(secrets).filter(
      ([name]) => kept.includes(name) || (Object.hasOwn(set, name) && !news.some(([each]) => each === name)),
    );
    const sealed = this.sealed(row.id, Object.fromEntries(news), row.version + 1);
    return Object.fromEntries([...stay, ...Object.entries(sealed)].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  private holds({ row, secrets }: Pick<ConfigSet, 'row' | 'secrets'>, name: string, value: string): boolean {
    const there = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (there === undefined) return false;
    try {
      return this.box.open(there.sealed, ownerOf(row.id, name)) === value;
    } catch {
      return false;
    }
  }

  private sealed(configSetId: string, set: Config, version: number): SealedSecrets {
    const seal = ([name, value]: [string, string]): [string, SealedSecret] => [
      name,
      sealSecret(this.box, { configSetId, name, value, version }),
    ];
    return Object.fromEntries(Object.entries(set).map(seal));
  }

  /** The failed transaction cannot be asked any more, so another connection is. */
  private async thereIsOne(place: ConfigSetPlace): Promise<DomainError> {
    const row = await this.dataSource.manager.findOneBy(ConfigSetRow, { ...place });
    const which = row === null ? '' : `, ${row.id}: PUT /config_sets/${row.id} merges variables into it`;
    return new DomainError('conflict', `The app has a Config Set in this environment already${which}.`);
  }
}

/** Where a Config Set is. */
export interface ConfigSetPlace {
  readonly appId: string;
  readonly environmentId: string;
}

/** What a Config Set begins with. */
export interface FirstVersion {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
  readonly reason?: string | null;
}

/** A version of a Config Set; throws `not_found`. */
export async function versionOf(
  manager: EntityManager,
  configSetId: string,
  version: number,
): Promise<ConfigVersionRow> {
  const row = await manager.findOneBy(ConfigVersionRow, { configSetId, version });
  if (row === null) throw notFound('version of the config set', String(version));
  return row;
}

type Next = (now: ConfigSet) => Promise<SeenVariables & { secrets: SealedSecrets; hidden: readonly string[] }>;

const NO_VARIABLES = { config: {}, secretSizes: {} };

function withoutSecrets(reason: string | null, secrets: Readonly<Record<string, unknown>>): string | null {
  const known = Object.entries(secrets).flatMap(([name, value]) =>
    typeof value === 'string' ? [{ name, value }] : [],
  );
  return reason === null ? null : redactor(known)(reason);
}

const NOTHING = { config: {}, secrets: {} };

const sizesOf = (secrets: SealedSecrets): Record<string, number> =>
  Object.fromEntries(Object.entries(secrets).map(([name, { sealed }]) => [name, sizeOf(sealed)]));

/** Who writes it is who asks; nobody where Jockey sets up an app of its own accord. */
async function insertVersion(
  manager: EntityManager,
  version: Pick<ConfigVersionRow, 'configSetId' | 'version' | 'config' | 'secrets' | 'reason'>,
): Promise<void> {
  await manager.insert(ConfigVersionRow, { ...version, author: presentCaller()?.name ?? null });
}

async function lock(manager: EntityManager, id: string): Promise<ConfigSetRow> {
  const row = await manager.findOne(ConfigSetRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (row === null) throw notFound('config set', id);
  return row;
}
