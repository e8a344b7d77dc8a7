import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { SecretBox } from '../../store/secret-box.js';
import type { Sessions } from '../../store/repositories/sessions.js';
import type { HttpRequest } from '../http-request.js';
import type { BrowserCookies } from './browser-cookies.js';
import type { GithubTokens } from './github-tokens.js';
import type { TokenReader } from './caller-finder.js';
import { isFromOwnPage, isWrite } from './same-origin.js';
import { openText, sealText } from './sealed-text.js';

/** A session's secret: 256 random bits. */
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** What {@link BrowserSessions} works with. */
export interface SessionParts {
  readonly cookies: BrowserCookies;
  readonly sessions: Sessions;
  readonly box: SecretBox;
  readonly tokens: GithubTokens;
  /** Who finds out whose a token of any kind is, in the order in which they are tried. */
  readonly readers: readonly TokenReader[];
  /** How long a session lasts. */
  readonly hours: number;
  /** Where Jockey is reached by. */
  readonly url: string | undefined;
}

/** The longest token that fits into a cookie once it is sealed: browsers take 4096 bytes, RFC 6265, section 6.1. */
const LONGEST_TOKEN = 2000;

/** Two parts of the cookie: the session's secret, and the token that its person came with, sealed for this session. */
interface SessionCookie {
  readonly secret: string;
  readonly token: string;
}

/**
 * Sign-ins of browsers. The cookie holds the person's own token, sealed, so that Jockey keeps no token and asks GitHub
 * as that person, each time what it knows is too old; the row of the session makes a sign-out final. A token of Jockey's
 * own is kept in the same way.
 */
export class BrowserSessions {
  constructor(private readonly parts: SessionParts) {}

  /** Begins a session of a member; null for who may not come in. */
  async begin(request: HttpRequest, response: Response, token: string): Promise<Caller | null> {
    const entrant = await this.parts.tokens.entrantOf(token);
    if (entrant === null) return null;
    await this.keep(request, response, { token, githubId: entrant.member.githubId, login: entrant.member.login });
    return entrant.caller;
  }

  /**
   * Begins a session with a token of any kind, which is looked at anew with each request; null where it is not valid. Only
   * a page of ours may do so: no other site may sign anybody in as somebody else.
   */
  async beginWithToken(request: HttpRequest, response: Response, token: string): Promise<Caller | null> {
    if (!isFromOwnPage(request, this.parts.url)) throw writtenElsewhere();
    const caller = token === '' || token.length > LONGEST_TOKEN ? null : await this.callerWith(token);
    if (caller !== null) await this.keep(request, response, { token, githubId: null, login: caller.name });
    return caller;
  }

  /**
   * Who asks from a browser; null where it sends no session. Throws for a session that is over, and for a write that no
   * page of ours sends.
   */
  async callerOf(request: HttpRequest): Promise<Caller | null> {
    const text = this.parts.cookies.read(request, 'jockey_session');
    if (text === null) return null;
    if (isWrite(request) && !isFromOwnPage(request, this.parts.url)) throw writtenElsewhere();
    const cookie = this.open(text);
    const session = cookie === null ? null : await this.parts.sessions.find(cookie.secret);
    if (cookie === null || session === null) throw over('it has ended');
    if (session.githubId === null) return (await this.callerWith(cookie.token)) ?? refuseToken();
    const entrant = await this.parts.tokens.entrantOf(cookie.token);
    if (entrant?.member.githubId !== session.githubId) throw over('GitHub says that you may not come in');
    return entrant.caller;
  }

  /** Ends the session that a browser sends, and makes it forget it; says whether there was one. */
  async end(request: HttpRequest, response: Response): Promise<boolean> {
    const text = this.parts.cookies.read(request, 'jockey_session');
    if (text === null) return false;
    if (isWrite(request) && !isFromOwnPage(request, this.parts.url)) throw writtenElsewhere();
    this.parts.cookies.clear(request, response, 'jockey_session');
    const [secret = ''] = text.split('.');
    return SECRET.test(secret) && this.parts.sessions.end(secret);
  }

  private async callerWith(token: string): Promise<Caller | null> {
    const reader = this.parts.readers.find((each) => each.reads(token));
    return reader === undefined ? null : reader.callerOf(token);
  }

  private async keep(request: HttpRequest, response: Response, { token, githubId, login }: Kept): Promise<void> {
    const { box, cookies, hours, sessions } = this.parts;
    const secret = randomBytes(32).toString('base64url');
    await sessions.begin({ secret, githubId, login, hours });
    const value = `${secret}.${sealText(box, token, placeOf(secret))}`;
    cookies.write(request, response, { name: 'jockey_session', value, seconds: hours * 3600 });
  }

  private open(text: string): SessionCookie | null {
    const [secret = '', ...rest] = text.split('.');
    if (!SECRET.test(secret)) return null;
    const token = openText(this.parts.box, rest.join('.'), placeOf(secret));
    return token === null ? null : { secret, token };
  }
}

/** What a session is begun with. */
interface Kept {
  readonly token: string;
  readonly githubId: string | null;
  readonly login: string;
}

const refuseToken = (): never => {
  throw over('its token is not valid any more');
};

const placeOf = (secret: string): string => `session ${secret}`;

const over = (why: string): DomainError =>
  new DomainError(
    'not_authenticated',
    `The session is over: ${why}. Sign in again at /auth/github, or with a token at /status.`,
  );

const writtenElsewhere = (): DomainError =>
  new DomainError(
    'forbidden',
    'A session changes things only from a page of Jockey itself: the browser has to send "Sec-Fetch-Site: same-origin", or Origin with the address of Jockey. Programs send a token instead.',
  );
