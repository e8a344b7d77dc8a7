import type { Response } from 'express';
import passport from 'passport';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';
import { GithubStrategy, TookTooLong } from './github-strategy.js';
import type { SignInSetUp } from './sign-in-set-up.js';
import { AFTER_SIGN_IN, type SignInStates } from './sign-in-states.js';

/** What GitHub gave for a code, and where its person wanted to go. */
export interface GithubSignIn {
  readonly token: string;
  readonly returnTo: string;
}

/** The library's answer in its two good forms and in its bad ones. */
interface Outcome {
  readonly error: unknown;
  readonly user: { readonly token: string } | false | undefined;
  readonly info: { readonly state?: { readonly returnTo: string }; readonly unknownState?: true } | undefined;
}

type Middleware = (request: HttpRequest, response: Response, next: (error: unknown) => void) => void;

/** The two halves of a sign-in at GitHub: RFC 6749, section 4.1, with PKCE. */
export class GithubOauth {
  private strategy: GithubStrategy | null = null;

  constructor(
    private readonly setUp: SignInSetUp,
    private readonly states: SignInStates,
  ) {}

  /** Sends the browser to GitHub. */
  async begin(request: HttpRequest, response: Response): Promise<void> {
    this.setUp.required();
    return new Promise((resolve, reject) => {
      response.once('close', resolve);
      this.run(request, response, ({ error }) => reject(failureOf(error)));
    });
  }

  /** Takes what GitHub sent the browser back with. */
  async finish(request: HttpRequest, response: Response): Promise<GithubSignIn> {
    this.setUp.required();
    requireAnswer(request);
    return new Promise((resolve, reject) => {
      this.run(request, response, ({ error, user, info }) => {
        if (error != null) reject(failureOf(error));
        else if (user) resolve({ token: user.token, returnTo: info?.state?.returnTo ?? AFTER_SIGN_IN });
        else reject(info?.unknownState === true ? unknownState() : declined());
      });
    });
  }

  private run(request: HttpRequest, response: Response, done: (outcome: Outcome) => void): void {
    this.strategy ??= new GithubStrategy(this.setUp.required(), this.states);
    const heard = (error: unknown, user?: Outcome['user'], info?: Outcome['info']) => done({ error, user, info });
    const library = new passport.Passport().use('github', this.strategy);
    const middleware = library.authenticate('github', { session: false }, heard) as Middleware;
    middleware(request, response, heard);
  }
}

/** A reason as OAuth gives it: RFC 6749, section 4.1.2.1. */
const REASON = /^[a-z_]{1,60}$/;

/** Without a code the library would begin anew; a state that is no text is none. */
function requireAnswer({ query }: HttpRequest): void {
  const { error } = query;
  if (typeof error === 'string' && REASON.test(error)) return;
  if (error !== undefined) throw new DomainError('bad_request', 'error is none of the words that GitHub sends.');
  for (const name of ['code', 'state'])
    if (typeof query[name] !== 'string' || query[name] === '')
      throw new DomainError('bad_request', `${name} is missing: GitHub sends it. Begin again at /auth/github.`);
}

/** How GitHub says that it was asked too much: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
const LIMITS_THE_RATE = new Set([403, 429]);

/** What may pass is told apart from what the operator or the person has to mend. */
function failureOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, oauthError } = error as { code?: unknown; oauthError?: { statusCode?: number } };
  if (code === 'bad_verification_code')
    return new DomainError('not_authenticated', 'GitHub does not take the code: it was used, or is too old. Begin again at /auth/github.'); // prettier-ignore
  if (typeof code === 'string' && REASON.test(code)) return refused(code);
  const status = oauthError?.statusCode;
  if (status !== undefined && status >= 400 && status < 500 && !LIMITS_THE_RATE.has(status))
    return refused(`status ${status}`);
  return unavailable('GitHub', status === undefined ? causeOf(oauthError ?? error) : `status ${status}`);
}

/** A failure of the network has a code of the system; anything else may hold what was sent. */
function causeOf(error: unknown): string {
  if (error instanceof TookTooLong || (error instanceof Error && error.name === 'AbortError'))
    return 'it took too long';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return sentenceOf(error);
  return 'what it sent is no token';
}

const refused = (reason: string): DomainError =>
  new DomainError(
    'unprocessable_entity',
    `GitHub refuses the sign-in (${reason}): look at GITHUB_OAUTH_CLIENT_ID, GITHUB_OAUTH_CLIENT_SECRET and the callback URL of the OAuth app.`,
  );

const unknownState = (): DomainError =>
  new DomainError(
    'bad_request',
    'This sign-in did not begin in this browser, or too long ago, or was finished already. Begin again at /auth/github.',
  );

const declined = (): DomainError =>
  new DomainError('forbidden', 'The sign-in was declined at GitHub. Begin again at /auth/github.');
