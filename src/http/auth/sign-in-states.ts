import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { SecretBox } from '../../store/secret-box.js';
import type { HttpRequest } from '../http-request.js';
import type { BrowserCookies } from './browser-cookies.js';
import { isLocalPath } from './local-path.js';
import { openText, sealText } from './sealed-text.js';

/** How long one may take to sign in at GitHub, in seconds; its codes live as long. */
const PATIENCE = 600;

/** Where a sign-in leads that says no other path. */
export const AFTER_SIGN_IN = '/docs';

/** What is known of a sign-in while its person is away at GitHub. */
interface SignIn {
  readonly state: string;
  /** The verifier of PKCE: RFC 7636. */
  readonly verifier: string;
  readonly returnTo: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

type Stored = (error: Error | null, state?: string) => void;
type Verified = (error: Error | null, verifier: string | false, info: object) => void;

/**
 * Keeps a sign-in that is under way in a sealed cookie, so that the answer counts only in the browser that asked, and
 * once. The library knows what to hand over by the number of parameters.
 */
export class SignInStates {
  constructor(
    private readonly cookies: BrowserCookies,
    private readonly box: SecretBox,
  ) {}

  // eslint-disable-next-line no-restricted-syntax -- the library counts the parameters
  store = (request: Request, verifier: string, _state: unknown, _meta: unknown, done: Stored): void => {
    const state = randomBytes(32).toString('base64url');
    const signIn: SignIn = { state, verifier, returnTo: returnPathOf(request), until: Date.now() + PATIENCE * 1000 };
    const value = sealText(this.box, JSON.stringify(signIn), 'sign-in');
    const { res: response } = request;
    if (response === undefined) return done(new Error('a request without an answer'));
    this.cookies.write(request as HttpRequest, response, { name: 'jockey_sign_in', value, seconds: PATIENCE });
    done(null, state);
  };

  // eslint-disable-next-line no-restricted-syntax -- the library counts the parameters
  verify = (request: Request, state: string, _meta: unknown, done: Verified): void => {
    const signIn = this.take(request as HttpRequest);
    if (signIn === null || signIn.until < Date.now() || !isSame(signIn.state, state))
      return done(null, false, { unknownState: true });
    done(null, signIn.verifier, { returnTo: signIn.returnTo });
  };

  private take(request: HttpRequest): SignIn | null {
    const text = this.cookies.read(request, 'jockey_sign_in');
    if (text === null) return null;
    if (request.res !== undefined) this.cookies.clear(request, request.res, 'jockey_sign_in');
    const opened = openText(this.box, text, 'sign-in');
    return opened === null ? null : (JSON.parse(opened) as SignIn);
  }
}

/** Only a path of our own, so that no link to the sign-in leads elsewhere. */
function returnPathOf({ query }: Request): string {
  const path = query['return_to'];
  return typeof path === 'string' && isLocalPath(path) ? path : AFTER_SIGN_IN;
}

/** Digests have one length, so that the comparison takes the same time for every guess. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
