import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../domain/access/caller.js';
import { ALL, type Grant, mayGive } from '../../domain/access/grant.js';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import { type ApiTokenRow, AppRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { ApiTokens } from '../../store/repositories/api-tokens.js';
import { Directory } from '../../store/repositories/directory.js';
import { type Names, namesOf } from '../../store/repositories/names.js';
import { newTokenText } from '../../store/token-text.js';
import type { CreatedTokenDto, CreateTokenDto, ListTokensDto, TokenDto } from './token.dto.js';
import { viewOf } from './token-view.js';

/** How long a token is good for where nothing is said: one that never expires has to be asked for. */
const DEFAULT_DAYS = 90;

const DAY_MS = 86_400_000;

/** Tokens as the API makes, shows and revokes them. */
@Injectable()
export class TokensService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tokens: ApiTokens,
    private readonly directory: Directory,
  ) {}

  async list({ name, created_by: createdBy, state, ...page }: ListTokensDto): Promise<Page<TokenDto>> {
    const select = this.tokens.select(state);
    if (name !== undefined) select.andWhere({ name });
    if (createdBy !== undefined) select.andWhere({ createdBy });
    const found = await readPage(select, page);
    const apps = await this.appsOf(found.items);
    return found.map((token) => viewOf(token, apps));
  }

  async get(id: string): Promise<TokenDto> {
    return this.viewOf(await this.tokens.get(id));
  }

  /** Makes a token that allows no more than its maker may do. */
  async create(maker: Caller, body: CreateTokenDto): Promise<CreatedTokenDto> {
    const expiresAt = expiryOf(body, Date.now());
    const grant = await this.grantOf(body);
    if (!mayGive(maker.grants, grant)) throw tooMuch(maker);
    const token = newTokenText();
    const row = await this.tokens.create(token, { ...grant, name: body.name, expiresAt, createdBy: maker.name });
    return { ...(await this.viewOf(row)), token };
  }

  /** Again for one that is revoked already changes nothing. */
  async revoke(caller: Caller, id: string): Promise<TokenDto> {
    return this.viewOf(await this.tokens.revoke(id, caller.name));
  }

  /** Ids of apps and names of environments: what never passes to something else. */
  private async grantOf({ verbs, apps, environments }: CreateTokenDto): Promise<Grant> {
    const found = apps === ALL ? ALL : await Promise.all(apps.map((key) => this.directory.app(key)));
    const places =
      environments === ALL ? ALL : await Promise.all(environments.map((key) => this.directory.environment(key)));
    return {
      verbs,
      apps: found === ALL ? ALL : [...new Set(found.map(({ id }) => id))],
      environments: places === ALL ? ALL : [...new Set(places.map(({ name }) => name))],
    };
  }

  private async viewOf(token: ApiTokenRow): Promise<TokenDto> {
    return viewOf(token, await this.appsOf([token]));
  }

  private appsOf(tokens: readonly ApiTokenRow[]): Promise<Names> {
    const ids = tokens.flatMap(({ apps }) => (apps === ALL ? [] : apps));
    return namesOf(this.dataSource.manager, AppRow, ids);
  }
}

function expiryOf({ expires_at: at, expires_in_days: days }: CreateTokenDto, now: number): Date | null {
  if (at !== undefined && days !== undefined)
    throw invalid('expires_in_days', 'cannot stand beside expires_at; send one of them.');
  if (at === null) return null;
  if (at === undefined) return new Date(now + (days ?? DEFAULT_DAYS) * DAY_MS);
  const time = new Date(at);
  if (time.getTime() <= now) throw invalid('expires_at', `is ${at}, which is past; say a time to come.`);
  return time;
}

const tooMuch = ({ name }: Caller): DomainError =>
  new DomainError(
    'forbidden',
    `${name} may not do all that this token would allow, and nobody can give what they do not have. GET /me says what it may do where.`,
  );
