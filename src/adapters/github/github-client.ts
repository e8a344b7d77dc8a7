import { Octokit } from '@octokit/rest';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';

/** How long GitHub may take for one answer, in milliseconds: as long as it gives itself. */
export const PATIENCE = 10_000;

/** What a token of GitHub can be made of; anything else would end in an error that shows it. */
export const TOKEN_SHAPE = /^[\x21-\x7e]{1,1024}$/;

/** Version of the REST API: https://docs.github.com/en/rest/about-the-rest-api/api-versions. */
const API_VERSION = '2022-11-28';

/** Octokit writes failures to the console by itself: what is worth a line is the caller's to say. */
const SILENCE = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** Where the API is, and how long it is waited for. */
export interface GithubApi {
  /** `https://api.github.com`, without a slash at its end. */
  readonly url: string;
  /** In milliseconds. */
  readonly patience: number;
}

/** The API of a GitHub: https://docs.github.com/en/enterprise-server/rest/enterprise-admin#endpoint-urls. */
export function apiUrlOf(githubUrl: string, apiUrl: string | undefined): string {
  if (apiUrl !== undefined) return apiUrl.replace(/\/+$/, '');
  const { protocol, hostname } = new URL(githubUrl);
  if (/^(www\.)?github\.com$/.test(hostname)) return 'https://api.github.com';
  if (hostname.endsWith('.ghe.com')) return `${protocol}//api.${hostname}`;
  return `${githubUrl.replace(/\/+$/, '')}/api/v3`;
}

/** Speaks to GitHub as the holder of a token. Nothing is tried twice: who asks decides whether to ask again. */
export function githubClient(api: GithubApi, token: string): Octokit {
  if (!TOKEN_SHAPE.test(token))
    throw new DomainError('unprocessable_entity', 'GITHUB_OAUTH_TOKEN has a blank or a letter that no token has.');
  const client = new Octokit({
    auth: token,
    baseUrl: api.url,
    userAgent: 'jockey',
    log: SILENCE,
    request: { fetch: patientFetch(api.patience), log: SILENCE },
  });
  client.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = API_VERSION;
  });
  return client;
}

/** The limit is for the answer's last byte, not its first. */
function patientFetch(patience: number): typeof fetch {
  return async (input, init) => {
    const late = AbortSignal.timeout(patience);
    try {
      const answer = await fetch(input, { ...init, signal: late });
      return await wholeOf(answer);
    } catch (error) {
      const cause = error instanceof TypeError && error.cause !== undefined ? error.cause : error;
      throw new Error(late.aborted ? `no answer within ${patience / 1000} s` : sentenceOf(cause));
    }
  };
}

/** An answer that breaks off, or that a proxy wrote in its place, would else look like an empty one. */
async function wholeOf(answer: Response): Promise<Response> {
  const { status, headers } = answer;
  const text = await answer.text();
  if (status === 204 || status === 205) return new Response(null, { status, headers });
  if (status < 300 && !isJson(text)) throw new Error(`it answered ${status} with what is not JSON`);
  return new Response(text, { status, headers });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function nothing(): void {}
