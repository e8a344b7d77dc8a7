import type { Environment } from '../../config/environment.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { SecretBox } from '../../store/secret-box.js';

/** What the OAuth app on GitHub is known by. */
export interface OauthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  /** GitHub, or a GitHub Enterprise: without a slash at its end. */
  readonly githubUrl: string;
  /** Empty where GitHub is to take the one that is registered there. */
  readonly callbackUrl: string;
}

type Settings = Pick<
  Environment,
  'GITHUB_ORG' | 'GITHUB_URL' | 'GITHUB_OAUTH_CLIENT_ID' | 'GITHUB_OAUTH_CLIENT_SECRET' | 'JOCKEY_URL'
>;

/** Whether people can sign in here, and at which GitHub. */
export class SignInSetUp {
  constructor(
    private readonly settings: Settings,
    private readonly box: Pick<SecretBox, 'ready'>,
  ) {}

  /** The organization whose members come in. */
  get organization(): string {
    return this.settings.GITHUB_ORG ?? '';
  }

  /** The app, or `unprocessable_entity` that names each variable which is not set. */
  required(): OauthApp {
    const { GITHUB_OAUTH_CLIENT_ID: clientId, GITHUB_OAUTH_CLIENT_SECRET: clientSecret } = this.settings;
    const missing = this.missing();
    if (clientId === undefined || clientSecret === undefined || missing.length > 0) throw notSetUp(missing);
    const { GITHUB_URL: githubUrl, JOCKEY_URL: url } = this.settings;
    return {
      clientId,
      clientSecret,
      githubUrl: withoutSlash(githubUrl),
      callbackUrl: url === undefined ? '' : `${withoutSlash(url)}/auth/github/callback`,
    };
  }

  /** What the device flow needs of the app: no secret, and no key, since nothing is kept. */
  ofDevices(): Pick<OauthApp, 'clientId' | 'githubUrl'> {
    const { GITHUB_ORG: organization, GITHUB_OAUTH_CLIENT_ID: clientId, GITHUB_URL: githubUrl } = this.settings;
    if (organization === undefined || clientId === undefined)
      throw new DomainError(
        'unprocessable_entity',
        'Nobody can sign in by a code here: set GITHUB_ORG and GITHUB_OAUTH_CLIENT_ID. A token as Bearer works without.',
      );
    return { clientId, githubUrl: withoutSlash(githubUrl) };
  }

  /** Whether people can sign in at GitHub. */
  get isComplete(): boolean {
    return this.missing().length === 0;
  }

  /** Whether a browser can keep a token: there is a key to seal it with. */
  get keepsTokens(): boolean {
    return this.box.ready;
  }

  private missing(): readonly string[] {
    const names = ['GITHUB_ORG', 'GITHUB_OAUTH_CLIENT_ID', 'GITHUB_OAUTH_CLIENT_SECRET'] as const;
    const unset = names.filter((name) => this.settings[name] === undefined);
    return this.box.ready ? unset : [...unset, 'SECRETS_KEY'];
  }
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

const notSetUp = (missing: readonly string[]): DomainError =>
  new DomainError(
    'unprocessable_entity',
    `Nobody can sign in here in a browser: set ${missing.join(', ')}. A token as Bearer works without.`,
  );
