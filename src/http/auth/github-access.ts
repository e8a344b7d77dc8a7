import type { Provider } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { ORG_MEMBERS, type OrgMembers } from '../../ports/org-members.js';
import { People } from '../../store/repositories/people.js';
import { Sessions } from '../../store/repositories/sessions.js';
import { SecretBox } from '../../store/secret-box.js';
import { BrowserCookies } from './browser-cookies.js';
import { BrowserSessions } from './browser-sessions.js';
import { TOKEN_READERS, type TokenReader } from './caller-finder.js';
import { GithubDevice } from './github-device.js';
import { GithubOauth } from './github-oauth.js';
import { GithubTokens } from './github-tokens.js';
import { LoginCallers } from './login-callers.js';
import { memberPolicyOf } from './member-policy.js';
import { SignInStates } from './sign-in-states.js';
import { SignInSetUp } from './sign-in-set-up.js';

/** Coming in by GitHub: with a token of it, or by a session of a browser. */
export const GITHUB_ACCESS: Provider[] = [
  { provide: GithubTokens, inject: [Environment, ORG_MEMBERS, People], useFactory: githubTokens },
  { provide: LoginCallers, inject: [Environment, ORG_MEMBERS], useFactory: loginCallers },
  {
    provide: BrowserCookies,
    inject: [Environment],
    useFactory: ({ JOCKEY_URL: url }: Environment) => new BrowserCookies(url),
  },
  {
    provide: BrowserSessions,
    inject: [Environment, BrowserCookies, Sessions, SecretBox, GithubTokens, TOKEN_READERS],
    useFactory: browserSessions,
  },
  {
    provide: SignInStates,
    inject: [BrowserCookies, SecretBox],
    useFactory: (cookies: BrowserCookies, box: SecretBox) => new SignInStates(cookies, box),
  },
  {
    provide: SignInSetUp,
    inject: [Environment, SecretBox],
    useFactory: (environment: Environment, box: SecretBox) => new SignInSetUp(environment, box),
  },
  { provide: GithubOauth, inject: [SignInSetUp, SignInStates], useFactory: githubOauth },
  { provide: GithubDevice, inject: [SignInSetUp], useFactory: (setUp: SignInSetUp) => new GithubDevice(setUp) },
];

function githubTokens(environment: Environment, members: OrgMembers, people: People): GithubTokens {
  const rules = { policy: memberPolicyOf(environment), cacheSeconds: environment.ACCESS_CACHE_SECONDS };
  return new GithubTokens(rules, { members, seen: (member) => people.seen(member) });
}

function loginCallers(environment: Environment, members: OrgMembers): LoginCallers {
  const rules = { policy: memberPolicyOf(environment), cacheSeconds: environment.ACCESS_CACHE_SECONDS };
  return new LoginCallers(rules, members);
}

/** In the order of what is injected. */
type SessionWorld = [BrowserCookies, Sessions, SecretBox, GithubTokens, readonly TokenReader[]];

function browserSessions(environment: Environment, ...world: SessionWorld): BrowserSessions {
  const { JOCKEY_URL: url, SESSION_HOURS: hours } = environment;
  const [cookies, sessions, box, tokens, readers] = world;
  return new BrowserSessions({ cookies, sessions, box, tokens, readers, hours, url });
}

function githubOauth(setUp: SignInSetUp, states: SignInStates): GithubOauth {
  return new GithubOauth(setUp, states);
}
