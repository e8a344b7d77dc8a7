import { describe, expect, it } from 'vitest';
import { answered, answeredUnless, failureOf, GithubRefusal } from './github-failure.js';

const NOW = Date.parse('2026-01-01T00:00:00.000Z');

/** An error as Octokit throws it. */
function answer(status: number, headers: Record<string, string>, data: unknown): Error {
  const request = { body: { config: { secret: 'geheim' } } };
  return Object.assign(new Error('as Octokit words it'), { status, request, response: { headers, data } });
}

describe('failureOf', () => {
  it.each([
    [403, { 'retry-after': '30' }, 'Slow down', '2026-01-01T00:00:30.000Z'],
    [429, { 'retry-after': '90' }, 'Slow down', '2026-01-01T00:01:30.000Z'],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225720' }, '', '2026-01-01T00:02:00.000Z'],
    [429, {}, '', '2026-01-01T00:01:00.000Z'],
    [403, {}, 'You have exceeded a secondary rate limit.', '2026-01-01T00:01:00.000Z'],
    [429, { 'retry-after': 'soon' }, '', '2026-01-01T00:01:00.000Z'],
  ])('takes %d with %j for a limit that ends', (...[status, headers, message, end]) => {
    const failure = failureOf(answer(status, headers as Record<string, string>, { message }), NOW);
    expect(failure).toMatchObject({
      code: 'unavailable',
      message: `GitHub does not answer: it limits the rate of requests until ${end}`,
    });
  });

  it('takes 403 for a refusal where requests remain', () => {
    const headers = { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '1767225720' };
    const failure = failureOf(answer(403, headers, { message: 'Forbidden' }), NOW);
    expect(failure).toEqual(new GithubRefusal(403, 'Forbidden', null));
  });

  it.each([500, 502, 503, 504])('takes %d for something that passes', (status) => {
    expect(failureOf(answer(status, {}, '<h1>Unicorn</h1>'), NOW)).toMatchObject({
      code: 'unavailable',
      message: `GitHub does not answer: it answered ${status}`,
    });
  });

  it('names the single faults of a refusal, on one line and cut', () => {
    const errors = [{ resource: 'Hook', field: 'url', code: 'invalid' }, { message: 'Hook\nexists' }, 'plain'];
    const failure = failureOf(answer(422, {}, { message: 'Validation Failed', errors }), NOW);
    expect(failure).toMatchObject({ reason: 'Validation Failed; url invalid; Hook exists; plain' });
    const long = failureOf(answer(422, {}, { message: 'x'.repeat(5_000) }), NOW);
    expect((long as GithubRefusal).reason).toHaveLength(300);
  });

  it('keeps nothing of the request', () => {
    for (const status of [403, 422, 502]) {
      const failure = failureOf(answer(status, {}, { message: 'No' }), NOW);
      expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('geheim');
      expect(failure.cause).toBeUndefined();
    }
  });

  it('reads the scopes of a classic token', () => {
    const failure = failureOf(answer(404, { 'x-oauth-scopes': 'read:org, repo' }, { message: 'Not Found' }), NOW);
    expect(failure).toMatchObject({ scopes: ['read:org', 'repo'] });
  });
});

describe('answeredUnless', () => {
  const notFound = () => Promise.reject(answer(404, {}, { message: 'Not Found' }));

  it('is null for a status that is an answer', async () => expect(await answeredUnless([404], notFound())).toBeNull());

  it('throws every other', async () => {
    await expect(answeredUnless([401], notFound())).rejects.toThrow('GitHub refuses (404): Not Found');
    await expect(answered(notFound())).rejects.toBeInstanceOf(GithubRefusal);
  });
});
