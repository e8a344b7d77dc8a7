import { DomainError, unavailable } from '../../domain/kernel/errors.js';
import type { SignInSetUp } from './sign-in-set-up.js';

/** What a sign-in on another device begins with. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  /** In seconds. */
  readonly expiresIn: number;
  /** In seconds. */
  readonly interval: number;
}

/** A token, or how many seconds to wait before the next question; null leaves it as it was. */
export type DeviceAnswer = { readonly token: string } | { readonly interval: number | null };

/** How long GitHub may take to answer, in milliseconds. */
const PATIENCE = 5_000;

/** RFC 8628, section 3.4. */
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** What {@link GithubDevice} needs: GitHub, and how to reach it. */
type Ask = (url: string, init: RequestInit) => Promise<Response>;

/**
 * The two questions of GitHub's device flow (RFC 8628), for programs without a browser. Nothing is kept in between: the
 * program holds its device code, and what it gets in the end is a token of its own person.
 */
export class GithubDevice {
  constructor(
    private readonly setUp: SignInSetUp,
    private readonly ask: Ask = fetch,
  ) {}

  /** Gets a code that somebody types in at GitHub. */
  async begin(): Promise<DeviceCode> {
    const answer = await this.post('/login/device/code', { scope: 'read:org' });
    const [deviceCode, userCode, verificationUri] = ['device_code', 'user_code', 'verification_uri'].map(
      (name) => answer[name],
    );
    if (typeof deviceCode !== 'string' || typeof userCode !== 'string' || typeof verificationUri !== 'string')
      throw failureOf(answer);
    return {
      deviceCode,
      userCode,
      verificationUri,
      expiresIn: numberOf(answer['expires_in']) ?? 900,
      interval: numberOf(answer['interval']) ?? 5,
    };
  }

  /** Asks whether the code was typed in. */
  async finish(deviceCode: string): Promise<DeviceAnswer> {
    const answer = await this.post('/login/oauth/access_token', { device_code: deviceCode, grant_type: GRANT_TYPE });
    const { access_token: token, error, interval } = answer;
    if (typeof token === 'string' && token !== '') return { token };
    if (error === 'authorization_pending' || error === 'slow_down') return { interval: numberOf(interval) };
    throw failureOf(answer);
  }

  private async post(path: string, fields: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const { clientId, githubUrl } = this.setUp.ofDevices();
    const init = {
      method: 'POST',
      headers: { Accept: 'application/json', 'User-Agent': 'jockey' },
      body: new URLSearchParams({ client_id: clientId, ...fields }),
      signal: AbortSignal.timeout(PATIENCE),
    };
    try {
      return (await (await this.ask(`${githubUrl}${path}`, init)).json()) as Record<string, unknown>;
    } catch {
      throw unavailable('GitHub', 'it cannot be reached, takes too long, or does not send JSON');
    }
  }
}

const numberOf = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

/** What GitHub says instead of a token, and what it means for whoever asks. */
function failureOf({ error }: Readonly<Record<string, unknown>>): DomainError {
  if (error === 'access_denied') return new DomainError('forbidden', 'The sign-in was declined at GitHub.');
  if (error === 'expired_token' || error === 'token_expired')
    return new DomainError('unprocessable_entity', 'Nobody typed the code in while it was good: begin again.');
  if (error === 'incorrect_device_code')
    return new DomainError('unprocessable_entity', 'GitHub does not know this device code: begin again.');
  const reason = typeof error === 'string' && /^[a-z_ ]{1,60}$/i.test(error) ? error : 'no reason';
  return new DomainError(
    'unprocessable_entity',
    `GitHub refuses the sign-in (${reason}): look at GITHUB_OAUTH_CLIENT_ID, and whether the OAuth app allows the device flow.`,
  );
}
