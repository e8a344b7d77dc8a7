import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';

/** Longest reason of GitHub's that is repeated, in characters. */
const LONGEST_REASON = 300;

/** How long to wait where GitHub does not say: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api. */
const SECONDARY_LIMIT_SECONDS = 60;

type Headers = Readonly<Record<string, string | number | undefined>>;

/** GitHub's no to a request: it will say it again. */
export class GithubRefusal extends Error {
  constructor(
    readonly status: number,
    /** GitHub's words. */
    readonly reason: string,
    /** Scopes of the token that was used; null for a token that has none, as the fine-grained ones. */
    readonly scopes: readonly string[] | null,
  ) {
    super(`GitHub refuses (${status}): ${reason}`);
    this.name = 'GithubRefusal';
  }
}

/** The answer to a question; throws `unavailable` for what may pass and {@link GithubRefusal} for what will not. */
export async function answered<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    throw failureOf(error, Date.now());
  }
}

/** The same, but null where GitHub answers with one of these statuses. */
export async function answeredUnless<T>(statuses: readonly number[], question: Promise<T>): Promise<T | null> {
  try {
    return await answered(question);
  } catch (error) {
    if (error instanceof GithubRefusal && statuses.includes(error.status)) return null;
    throw error;
  }
}

/**
 * What went wrong, without what the request carried: errors of Octokit hold the body that was sent, and with it the
 * secret of a hook.
 */
export function failureOf(error: unknown, now: number): DomainError | GithubRefusal {
  if (error instanceof DomainError || error instanceof GithubRefusal) return error;
  const answer = answerOf(error);
  if (answer === null) return unavailable('GitHub', sentenceOf(error));
  const { status, headers, reason } = answer;
  const limit = rateLimitEnd(answer, now);
  if (limit !== null) return unavailable('GitHub', `it limits the rate of requests until ${limit.toISOString()}`);
  if (status >= 500) return unavailable('GitHub', `it answered ${status} ${reason}`.trim());
  return new GithubRefusal(status, reason, scopesOf(headers));
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly reason: string;
}

/** Null where no answer came at all. */
function answerOf(error: unknown): Answer | null {
  if (!(error instanceof Error) || !('status' in error) || !('response' in error) || error.response === undefined)
    return null;
  const { headers, data } = error.response as { headers?: Headers; data?: unknown };
  return { status: Number(error.status), headers: headers ?? {}, reason: reasonOf(data) };
}

/** GitHub's message and what it says of single fields; pages of HTML say nothing. */
function reasonOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('message' in data)) return '';
  const errors = 'errors' in data && Array.isArray(data.errors) ? data.errors.map(wordsOf) : [];
  const words = [String(data.message), ...errors].filter((each) => each !== '').join('; ');
  return words.replace(/\s+/g, ' ').slice(0, LONGEST_REASON);
}

function wordsOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { field, message, code } = error as { field?: unknown; message?: unknown; code?: unknown };
  return [field, message ?? code].filter((each) => typeof each === 'string').join(' ');
}

/** When a limit ends; null for an answer that is no limit: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api. */
function rateLimitEnd({ status, headers, reason }: Answer, now: number): Date | null {
  if (status !== 403 && status !== 429) return null;
  const retryAfter = secondsIn(headers['retry-after']);
  if (retryAfter !== null) return new Date(now + retryAfter * 1000);
  const reset = secondsIn(headers['x-ratelimit-reset']);
  if (String(headers['x-ratelimit-remaining']) === '0' && reset !== null) return new Date(reset * 1000);
  const limited = status === 429 || /secondary rate limit|rate limit exceeded|abuse detection/i.test(reason);
  return limited ? new Date(now + SECONDARY_LIMIT_SECONDS * 1000) : null;
}

const secondsIn = (value: string | number | undefined): number | null =>
  /^[0-9]{1,11}$/.test(String(value)) ? Number(value) : null;

function scopesOf(headers: Headers): readonly string[] | null {
  const listed = headers['x-oauth-scopes'];
  if (typeof listed !== 'string') return null;
  return listed.split(',').map((each) => each.trim());
}
