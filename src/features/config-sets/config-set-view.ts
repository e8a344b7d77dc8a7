import { commandLineArgs } from '../../domain/config-set/command-line-args.js';
import type { SeenVariable, VariableChange } from '../../domain/config-set/diff-variables.js';
import { diffVariables } from '../../domain/config-set/diff-variables.js';
import type { ConfigVersionRow } from '../../store/entities/index.js';
import type { ConfigSet } from '../../store/repositories/config-sets.js';
import type { PlacesSeen } from '../../store/repositories/places.js';
import type { SealedSecrets } from '../../store/sealed-secrets.js';
import { placeViewOf } from '../apps/place-view.js';
import type { ConfigSetDto, SecretDto } from './config-set.dto.js';
import type { ConfigVersionDto, SeenVariableDto, VariableChangeDto } from './config-version.dto.js';

/** A Config Set as an answer shows it. */
export function viewOf({ row, config, secrets }: ConfigSet, places: PlacesSeen): ConfigSetDto {
  return {
    id: row.id,
    config: { ...config },
    config_command_line_args: commandLineArgs(config),
    ...placeViewOf(row, places),
    secrets: secretsOf(secrets),
    version: row.version,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** A version against the one before it; the first against none. */
export function versionViewOf(row: ConfigVersionRow, before: ConfigVersionRow | undefined): ConfigVersionDto {
  const changes = diffVariables(before ?? { config: {}, secrets: {} }, row);
  const named = (kind: VariableChange['change']) =>
    changes.filter(({ change }) => change === kind).map(({ name }) => name);
  return {
    ...{ version: row.version, author: row.author, reason: row.reason, created_at: row.createdAt.toISOString() },
    ...{ added: named('added'), removed: named('removed'), changed: named('changed') },
    config: { ...row.config },
    secrets: secretsOf(row.secrets),
  };
}

/** A difference of two versions. */
export const changeViewOf = ({ name, change, from, to }: VariableChange): VariableChangeDto => ({
  ...{ name, change },
  from: seenViewOf(from),
  to: seenViewOf(to),
});

function seenViewOf(seen: SeenVariable | null): SeenVariableDto | null {
  if (seen === null) return null;
  if (seen.kind === 'plain') return { secret: false, value: seen.value, fingerprint: null };
  return { secret: true, value: null, fingerprint: seen.mark.fingerprint };
}

/** Field by field: nothing that is sealed is ever in an answer. */
const secretsOf = (secrets: SealedSecrets): SecretDto[] =>
  Object.entries(secrets)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { version, fingerprint }]) => ({ name, version, fingerprint }));
