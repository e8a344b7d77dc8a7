import type { CreateTokenDto } from '../../src/features/tokens/token.dto.js';
import type { Verb } from '../../src/domain/access/verb.js';
import { ApiClient } from './api-client.js';
import type { TestApi } from './api.js';

/** What a token of a test allows; everything, where nothing is said. */
export type TokenRights = Partial<Pick<CreateTokenDto, 'verbs' | 'apps' | 'environments'>>;

/** Makes a token as an admin does, and answers its text. */
export async function makeToken(api: TestApi, rights: TokenRights): Promise<string> {
  const all = { verbs: [...ALL_VERBS], apps: '*', environments: '*' };
  const made = await api.client.post('/tokens', { name: 'a test', ...all, ...rights });
  if (made.status !== 201) throw new Error(`no token was made: ${made.text}`);
  return made.body.data['token'] as string;
}

/** Speaks with a token that allows this. */
export async function clientWith(api: TestApi, rights: TokenRights): Promise<ApiClient> {
  return new ApiClient(api.url, await makeToken(api, rights));
}

const ALL_VERBS: readonly Verb[] = ['read', 'build', 'deploy', 'scale', 'config', 'run', 'manage', 'admin'];
