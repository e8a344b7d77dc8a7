import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { GithubWorld } from './github-world.js';

/** A page or a redirect. */
export interface OauthAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
}

/** A code that was given out for one exchange. */
interface Code {
  readonly login: string;
  readonly clientId: string;
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
}

const NO_PAGE: OauthAnswer = { status: 404, body: { error: 'Not Found' } };

/** The two pages of GitHub's web flow: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps. */
export class OauthPages {
  /** Secrets of the OAuth apps by client id. */
  readonly apps = new Map<string, string>();
  /** Who sits at the browser and agrees; null for one who refuses. */
  signedIn: string | null = null;
  private readonly codes = new Map<string, Code>();

  constructor(private readonly world: GithubWorld) {}

  /** `GET /login/oauth/authorize`: sends the browser back with a code. */
  authorize(query: URLSearchParams): OauthAnswer {
    const clientId = query.get('client_id') ?? '';
    const redirectUri = query.get('redirect_uri');
    if (!this.apps.has(clientId) || redirectUri === null) return NO_PAGE;
    const back = new URL(redirectUri);
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    if (this.signedIn === null) back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', this.newCode(this.signedIn, clientId, query));
    return { status: 302, headers: { location: back.href } };
  }

  /** `POST /login/oauth/access_token`: GitHub says no with status 200. */
  exchange(form: URLSearchParams): OauthAnswer {
    const clientId = form.get('client_id') ?? '';
    if (!same(this.apps.get(clientId) ?? '', form.get('client_secret') ?? ''))
      return said('incorrect_client_credentials', 'The client_id and/or client_secret passed are incorrect.');
    const text = form.get('code') ?? '';
    const code = this.codes.get(text);
    this.codes.delete(text);
    if (code === undefined || code.clientId !== clientId || !isProven(code, form.get('code_verifier')))
      return said('bad_verification_code', 'The code passed is incorrect or expired.');
    if (form.has('redirect_uri') && form.get('redirect_uri') !== code.redirectUri)
      return said('redirect_uri_mismatch', 'The redirect_uri MUST match the registered callback URL.');
    const token = this.world.tokenOf(code.login, { scopes: code.scopes });
    return { status: 200, body: { access_token: token, scope: code.scopes.join(','), token_type: 'bearer' } };
  }

  private newCode(login: string, clientId: string, query: URLSearchParams): string {
    const code = randomBytes(10).toString('hex');
    const scopes = (query.get('scope') ?? '').split(/[ ,]+/).filter((each) => each !== '');
    const challenge = query.get('code_challenge');
    this.codes.set(code, { login, clientId, redirectUri: query.get('redirect_uri'), scopes, challenge });
    return code;
  }
}

const said = (error: string, error_description: string): OauthAnswer => ({
  status: 200,
  body: { error, error_description, error_uri: 'https://docs.github.com' },
});

function isProven({ challenge }: Code, verifier: string | null): boolean {
  if (challenge === null) return true;
  return (
    createHash('sha256')
      .update(verifier ?? '')
      .digest('base64url') === challenge
  );
}

function same(one: string, other: string): boolean {
  const [left, right] = [one, other].map((each) => createHash('sha256').update(each).digest());
  return one !== '' && left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
