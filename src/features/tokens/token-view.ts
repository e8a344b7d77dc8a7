import { ALL } from '../../domain/access/grant.js';
import type { ApiTokenRow } from '../../store/entities/index.js';
import type { TokenState } from '../../store/repositories/api-tokens.js';
import type { Names } from '../../store/repositories/names.js';
import type { TokenDto } from './token.dto.js';

/** A token as it stands on the wire; `apps` holds the names of its apps, deleted ones too. */
export function viewOf(token: ApiTokenRow, apps: Names): TokenDto {
  return {
    id: token.id,
    name: token.name,
    hint: token.hint,
    state: stateOf(token),
    verbs: [...token.verbs],
    apps: token.apps === ALL ? [ALL] : token.apps.map((id) => apps.get(id) ?? id),
    environments: token.environments === ALL ? [ALL] : [...token.environments],
    created_by: token.createdBy,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
    revoked_at: token.revokedAt?.toISOString() ?? null,
    revoked_by: token.revokedBy,
  };
}

function stateOf({ revokedAt, expiresAt }: ApiTokenRow): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt.getTime() <= Date.now() ? 'expired' : 'active';
}
