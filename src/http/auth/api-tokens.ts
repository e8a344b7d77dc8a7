import { Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import { ApiTokens } from '../../store/repositories/api-tokens.js';
import { TOKEN_PREFIX } from '../../store/token-text.js';
import type { TokenReader } from './caller-finder.js';

/** Reads the tokens that Jockey gives to scripts and bots. Each is looked up anew: a revoked one is out at once. */
@Injectable()
export class ApiTokenReader implements TokenReader {
  constructor(private readonly tokens: ApiTokens) {}

  reads(token: string): boolean {
    return token.startsWith(TOKEN_PREFIX);
  }

  async callerOf(token: string): Promise<Caller | null> {
    const row = await this.tokens.valid(token);
    if (row === null) return null;
    await this.tokens.touch(row.id);
    const { verbs, apps, environments } = row;
    return { kind: 'token', name: `token:${row.id}`, login: null, grants: [{ verbs, apps, environments }] };
  }
}
