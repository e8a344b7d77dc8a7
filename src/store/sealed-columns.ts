import { resealBuildSecret, type SealedBuildSecret } from './sealed-build-secret.js';
import { hookOwner } from './hook-owner.js';
import type { Sealed, SecretBox } from './secret-box.js';
import { targetOwner } from './repositories/target-owner.js';
import { ownerOf, sealSecret, type SealedSecrets } from './sealed-secrets.js';

/** A row of a table with sealed values, its ids as text. */
export type SealedRow = Readonly<Record<string, string>>;

/** A jsonb column that holds sealed values. Each one that there is stands in {@link SEALED_COLUMNS}. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** The column whose values tell rows apart; they are whole numbers. */
  readonly key: string;
  /** Other columns that `reseal` reads. */
  readonly reads: readonly string[];
  /** SQL/JSON path to the names of the keys that sealed what is in it. */
  readonly keys: string;
  /** The value of the column, sealed by the present key. */
  reseal(value: unknown, row: SealedRow, box: SecretBox): unknown;
}

/** A column that holds one {@link Sealed}, or null. */
export interface OneSealed {
  readonly table: string;
  readonly column: string;
  /** `id`, where nothing is said. */
  readonly key?: string;
  /** Other columns that `belongsTo` reads. */
  readonly reads?: readonly string[];
  /** What it was sealed for, as it was given to `SecretBox.seal`. */
  readonly belongsTo: (row: SealedRow) => string;
}

/** Describes a column that holds one sealed value. */
export function oneSealed({ table, column, key = 'id', reads = [], belongsTo }: OneSealed): SealedColumn {
  const reseal = (value: unknown, row: SealedRow, box: SecretBox): Sealed => {
    const owner = belongsTo(row);
    return box.seal(box.open(value as Sealed, owner), owner);
  };
  return { table, column, key, reads, keys: '$.key', reseal };
}

/** What the address for answers of a chat is sealed for. */
export const THREAD_OWNER = 'chat thread';

/** Every column that holds sealed values: `npm run secrets:rotate` seals them anew, and knows of no others. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    ...{ table: 'config_versions', column: 'secrets', key: 'id', reads: ['config_set_id'], keys: '$.*.sealed.key' },
    reseal: (value, { config_set_id: configSetId = '' }, box) => resealAll(value as SealedSecrets, configSetId, box),
  },
  {
    ...{ table: 'build_secrets', column: 'secret', key: 'id', reads: ['app_id', 'name'], keys: '$.sealed.key' },
    reseal: (value, { app_id: appId = '', name = '' }, box) =>
      resealBuildSecret(box, { appId, name }, value as SealedBuildSecret),
  },
  oneSealed({ table: 'notification_targets', column: 'url', belongsTo: ({ id = '' }) => targetOwner(id, 'url') }),
  oneSealed({ table: 'notification_targets', column: 'secret', belongsTo: ({ id = '' }) => targetOwner(id, 'secret') }),
  oneSealed({ table: 'chat_threads', column: 'response_url', belongsTo: () => THREAD_OWNER }),
  ...['secret', 'pending_secret'].map((column) =>
    oneSealed({ table: 'github_hooks', column, key: 'app_id', belongsTo: ({ app_id: id = '' }) => hookOwner(id) }),
  ),
];

/** A fingerprint is made by the key too. */
function resealAll(secrets: SealedSecrets, configSetId: string, box: SecretBox): SealedSecrets {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { sealed, version }]) => {
      const value = box.open(sealed, ownerOf(configSetId, name));
      return [name, sealSecret(box, { configSetId, name, value, version })];
    }),
  );
}
