import type { RequestOptions } from 'node:http';
import { Strategy, type StrategyOptions } from 'passport-github2';
import type { OauthApp } from './sign-in-set-up.js';
import type { SignInStates } from './sign-in-states.js';

/** How long GitHub may take to give a token for a code, in milliseconds. */
const PATIENCE = 5_000;

type TokenGiven = (error: unknown, token?: string, refresh?: string, answer?: Record<string, unknown>) => void;

/** GitHub did not answer, or not to the end. */
export class TookTooLong extends Error {}

/** What the library tells of who comes back: a token, and nothing of its person until GitHub is asked. */
type Verify = [token: string, refresh: string, profile: unknown, done: (error: null, user: Express.User) => void];

type Sent = [http: unknown, options: RequestOptions, body: unknown, done: (...answer: unknown[]) => void];

/** The parts of the OAuth library that are mended here. */
interface OauthLibrary {
  getOAuthAccessToken(code: string, parameters: object, given: TokenGiven): void;
  _executeRequest(...request: Sent): void;
}

/**
 * The strategy of `passport-github2` with PKCE, of which two things of the library below are mended: a GitHub that never
 * answers is given up, and the reason that GitHub gives for no token, with status 200, is not lost.
 */
export class GithubStrategy extends Strategy {
  constructor(app: OauthApp, states: SignInStates) {
    super(libraryOptionsOf(app, states), (...[token, , , done]: Verify) => done(null, { token }));
    const library = this._oauth2 as unknown as OauthLibrary;
    limitTime(library);
    tellReasons(library);
  }

  /** Who has no account at GitHub is no member either. */
  override authorizationParams(): object {
    return { allow_signup: 'false' };
  }
}

/** The library says nothing of an answer that breaks off, so that a limit to the request alone is not enough. */
function limitTime(library: OauthLibrary): void {
  const execute = library._executeRequest.bind(library);
  library._executeRequest = (...[http, options, body, done]: Sent) => {
    let isDone = false;
    const doneOnce = (...answer: unknown[]) => {
      clearTimeout(limit);
      if (!isDone) done(...answer);
      isDone = true;
    };
    const limit = setTimeout(() => doneOnce(new TookTooLong()), PATIENCE);
    execute(http, { ...options, signal: AbortSignal.timeout(PATIENCE) }, body, doneOnce);
  };
}

function tellReasons(library: OauthLibrary): void {
  const ask = library.getOAuthAccessToken.bind(library);
  library.getOAuthAccessToken = (code, parameters, given) =>
    ask(code, parameters, (...answer) => {
      const reasons = answer[3];
      if (reasons?.['error'] === undefined) given(...answer);
      else given({ statusCode: 200, data: JSON.stringify(reasons) });
    });
}

/** PKCE needs a store of its own, which the types of the library do not know. */
function libraryOptionsOf({ clientId, clientSecret, githubUrl, callbackUrl }: OauthApp, states: SignInStates) {
  return {
    clientID: clientId,
    clientSecret,
    callbackURL: callbackUrl,
    authorizationURL: `${githubUrl}/login/oauth/authorize`,
    tokenURL: `${githubUrl}/login/oauth/access_token`,
    scope: ['read:org'],
    userAgent: 'jockey',
    customHeaders: { Accept: 'application/json' },
    skipUserProfile: true,
    pkce: true,
    store: states,
  } as unknown as StrategyOptions;
}
