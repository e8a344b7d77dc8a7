import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { GithubWorld } from './github-world.js';

/** A page or a redirect. */
export interface OauthAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string | number>>;
}

/** A code that was given out for one exchange. */
interface Code {
  readonly login: string;
  readonly clientId: string;
  readonly redirectUri: string | null;
  readonly scopes: readonly string[];
  readonly challenge: string | null;
}

/** A program that waits for somebody to type its code in; null for who declined, undefined while nobody did. */
interface Device {
  readonly clientId: string;
  readonly userCode: string;
  readonly scopes: readonly string[];
  login: string | null | undefined;
}

const letters = (): string => randomBytes(2).toString('hex').toUpperCase();

const NO_PAGE: OauthAnswer = { status: 404, body: { error: 'Not Found' } };

/** The two pages of GitHub's web flow: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps. */
export class OauthPages {
  /** Secrets of the OAuth apps by client id. */
  readonly apps = new Map<string, string>();
  /** Who sits at the browser and agrees; null for one who refuses. */
  signedIn: string | null = null;
  private readonly codes = new Map<string, Code>();
  private readonly devices = new Map<string, Device>();

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

  /**
   * `POST /login/device/code`: a code for a person to type in.
   * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow
   */
  beginDevice(form: URLSearchParams): OauthAnswer {
    const clientId = form.get('client_id') ?? '';
    if (!this.apps.has(clientId)) return { status: 404, body: { error: 'Not Found' } };
    const [deviceCode, userCode] = [randomBytes(20).toString('hex'), `${letters()}-${letters()}`];
    const scopes = (form.get('scope') ?? '').split(/[ ,]+/).filter((each) => each !== '');
    this.devices.set(deviceCode, { clientId, userCode, scopes, login: undefined });
    const uri = 'https://github.com/login/device';
    return {
      status: 200,
      body: { device_code: deviceCode, user_code: userCode, verification_uri: uri, expires_in: 900, interval: 5 },
    };
  }

  /** Somebody types the code in; null declines. */
  typeIn(userCode: string, login: string | null): void {
    const device = [...this.devices.values()].find((each) => each.userCode === userCode);
    if (device === undefined) throw new Error(`there is no code ${userCode}`);
    device.login = login;
  }

  /** What a program asks until the code was typed in: a device code is good for one token. */
  private exchangeDevice(form: URLSearchParams): OauthAnswer {
    const text = form.get('device_code') ?? '';
    const device = this.devices.get(text);
    if (device === undefined || device.clientId !== form.get('client_id'))
      return said('incorrect_device_code', 'The device_code provided is not valid.');
    if (device.login === undefined)
      return said('authorization_pending', 'The authorization request is still pending.', { interval: 5 });
    this.devices.delete(text);
    if (device.login === null) return said('access_denied', 'The authorization request was denied.');
    const token = this.world.tokenOf(device.login, { scopes: device.scopes });
    return { status: 200, body: { access_token: token, scope: device.scopes.join(','), token_type: 'bearer' } };
  }

  /** `POST /login/oauth/access_token`: GitHub says no with status 200. */
  exchange(form: URLSearchParams): OauthAnswer {
    if (form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:device_code') return this.exchangeDevice(form);
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

const said = (error: string, error_description: string, more: OauthAnswer['body'] = {}): OauthAnswer => ({
  status: 200,
  body: { error, error_description, error_uri: 'https://docs.github.com', ...more },
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
