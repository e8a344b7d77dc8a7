import { DomainError } from '../../domain/kernel/errors.js';
import { readChallenge, type Challenge } from './challenge.js';
import { type Asker, refusal, refusedUser, silentRegistry } from './registry-failure.js';
import type { RegistryPlace } from './registry-place.js';
import { askOverHttp, type RegistryAnswer, type RegistryRequest } from './registry-request.js';

/** Who may use the registry; null for one that asks nobody. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** How the registry is spoken to. */
export interface RegistryAccess {
  readonly place: RegistryPlace;
  readonly credentials: RegistryCredentials | null;
  /** Certificates of a private authority, in PEM. */
  readonly authority: string | undefined;
  /** Names of hosts that may be told the password without TLS. */
  readonly plainHttp: readonly string[];
}

/** A token is asked for again so long before its end, in milliseconds. */
const BEFORE_END = 5_000;

/** Lifetime of a token that does not say its own, in seconds: https://distribution.github.io/distribution/spec/auth/token/. */
const USUAL_LIFETIME = 60;

interface Token {
  readonly header: string;
  readonly until: number;
}

/** Asks the registry, and tells it who asks when it wants to know: by Basic, or by a token of the server that it names. */
export class RegistryClient {
  private readonly tokens = new Map<string, Token>();

  constructor(private readonly access: RegistryAccess) {}

  /** The registry and who asks, for sentences. */
  get asker(): Asker {
    return { registry: this.access.place.name, username: this.access.credentials?.username ?? null };
  }

  /**
   * Asks at a path of the registry: `/v2/shop/tags/list`. `scope` is the right that it takes, under which its token is
   * kept. Answers whatever the status is but 401, which throws.
   */
  async ask(path: string, scope: string, change: Partial<RegistryRequest> = {}): Promise<RegistryAnswer> {
    const asked = { method: 'GET' as const, url: `${this.access.place.url}${path}`, ...change };
    const known = this.tokens.get(scope);
    const first = await this.send(asked, known !== undefined && known.until > Date.now() ? known.header : null);
    if (first.status !== 401) return first;
    const challenge = readChallenge(first.headers['www-authenticate']);
    const again = await this.send(asked, await this.answerTo(challenge, scope));
    if (again.status === 401) throw refusedUser(this.asker);
    return again;
  }

  private async send(asked: Partial<RegistryRequest>, authorization: string | null): Promise<RegistryAnswer> {
    const headers = { ...asked.headers, ...(authorization === null ? {} : { authorization }) };
    return this.sendTo({ method: asked.method ?? 'GET', url: asked.url ?? '', headers });
  }

  private async sendTo(asked: RegistryRequest): Promise<RegistryAnswer> {
    return askOverHttp(asked, this.access.authority).catch((error: unknown) => {
      throw silentRegistry(this.access.place.name, error);
    });
  }

  private async answerTo(challenge: Challenge | null, scope: string): Promise<string> {
    const basic = this.basic();
    if (challenge?.scheme === 'bearer') return this.fetchToken(challenge, scope);
    if (challenge === null || basic === null) throw refusedUser(this.asker);
    this.tokens.set(scope, { header: basic, until: Infinity });
    return basic;
  }

  private basic(): string | null {
    const { credentials } = this.access;
    if (credentials === null) return null;
    const { username, password } = credentials;
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }

  private async fetchToken(challenge: Challenge & { scheme: 'bearer' }, scope: string): Promise<string> {
    const url = this.tokenUrl(challenge, scope);
    const basic = this.basic();
    const headers: Record<string, string> = basic === null ? {} : { authorization: basic };
    const answer = await this.sendTo({ method: 'GET', url: url.href, headers });
    if (answer.status === 401 || answer.status === 403) throw refusedUser(this.asker);
    if (answer.status !== 200) throw refusal(this.asker, `get a token at ${url.host}`, answer);
    const token = tokenOf(answer);
    if (token === null) throw refusal(this.asker, `get a token at ${url.host}, which answers without one`, answer);
    const header = `Bearer ${token.text}`;
    this.tokens.set(scope, { header, until: Date.now() + token.seconds * 1000 - BEFORE_END });
    return header;
  }

  /** The password goes to where the registry says: with TLS, or to a host that is named as one without. */
  private tokenUrl({ realm, service, scope: asked }: Challenge & { scheme: 'bearer' }, scope: string): URL {
    const url = URL.canParse(realm) ? new URL(realm) : null;
    if (url === null || !(url.protocol === 'https:' || this.mayBePlain(url)))
      throw new DomainError(
        'unprocessable_entity',
        `the registry ${this.asker.registry} wants to be told who asks at ${realm.slice(0, 200)}, which is without TLS; if that is meant to be, REGISTRY_PLAIN_HTTP names that host`,
      );
    if (service !== null) url.searchParams.set('service', service);
    url.searchParams.set('scope', asked ?? scope);
    return url;
  }

  private mayBePlain(url: URL): boolean {
    const plain = new URL(this.access.place.url);
    const same = plain.protocol === 'http:' && plain.host === url.host;
    return url.protocol === 'http:' && (same || this.access.plainHttp.includes(url.host));
  }
}

function tokenOf({ body }: RegistryAnswer): { readonly text: string; readonly seconds: number } | null {
  try {
    const answer = JSON.parse(body.toString()) as { token?: unknown; access_token?: unknown; expires_in?: unknown };
    const text = answer.token ?? answer.access_token;
    const seconds = typeof answer.expires_in === 'number' ? answer.expires_in : USUAL_LIFETIME;
    return typeof text === 'string' && text !== '' ? { text, seconds } : null;
  } catch {
    return null;
  }
}
