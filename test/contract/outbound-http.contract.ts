import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { OutboundHttp, OutboundPost } from '../../src/ports/outbound-http.js';

/** Where a contract suite finds what it calls. */
export interface OutboundHttpSetUp {
  readonly http: OutboundHttp;
  /** Answers with the status, a body and the headers that its query names. */
  readonly answering: string;
  /** Nothing listens there. */
  readonly refusing: string;
  /** Takes the request and never answers. */
  readonly silent: string;
  close(): Promise<void>;
}

/** What every {@link OutboundHttp} does. */
export function outboundHttpContract(how: string, begin: () => Promise<OutboundHttpSetUp>): void {
  describe(`outbound HTTP ${how}`, () => {
    let setUp: OutboundHttpSetUp;
    beforeAll(async () => void (setUp = await begin()));
    afterAll(() => setUp.close());

    const post = (change: Partial<OutboundPost> & { url: string }, signal = new AbortController().signal) =>
      setUp.http.post({ headers: { 'content-type': 'application/json' }, body: '{}', ...change }, signal);
    const refusal = (url: string): Promise<unknown> => post({ url }).catch((error: unknown) => error);

    it.each([200, 204, 404, 500])('answers status %i with the time that it took', async (status) => {
      const answer = await post({ url: `${setUp.answering}?status=${status}&body=hello` });
      expect(answer).toMatchObject({ status, retryAfter: null });
      expect(answer.body).toBe(status === 204 ? '' : 'hello');
      expect(answer.milliseconds).toBeGreaterThan(0);
    });

    it('asks for what is there, as carefully', async () => {
      const get = (url: string) => setUp.http.get({ url, headers: {} }, new AbortController().signal);
      expect(await get(`${setUp.answering}?status=200&body=hello`)).toMatchObject({ status: 200, body: 'hello' });
      await expect(get('http://169.254.169.254/latest/meta-data/')).rejects.toMatchObject({
        code: 'unprocessable_entity',
      });
      await expect(get(setUp.refusing)).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('hears how long the receiver asks to wait', async () => {
      expect((await post({ url: `${setUp.answering}?status=429&retry=120` })).retryAfter).toBe(120);
    });

    it('rejects with a sentence that names the host, and nothing of the path, when nothing listens', async () => {
      const error = await refusal(`${setUp.refusing}canary-path?token=canary-query`);
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(String(error)).toContain(new URL(setUp.refusing).hostname);
      expect(String(error)).not.toContain('canary');
    });

    it('waits no longer than it may', async () => {
      expect(await refusal(setUp.silent)).toMatchObject({ code: 'unavailable', message: /no answer within 0.5 s/ });
    });

    it('ends when it is called off', async () => {
      const off = new AbortController();
      const answer = post({ url: setUp.silent }, off.signal).catch((error: unknown) => error);
      off.abort();
      expect(await answer).toBeInstanceOf(DomainError);
    });

    it.each([
      'http://10.0.0.1/',
      'http://127.0.0.2/',
      'http://2130706434/',
      'http://0177.0.0.2/',
      'http://0x7f000002/',
      'http://127.2/',
      'http://0.0.0.0/',
      'http://[::1]/',
      'http://[::ffff:127.0.0.2]/',
      'http://[64:ff9b::7f00:2]/',
      'http://[2002:7f00:2::]/',
      'http://169.254.169.254/latest/meta-data/',
      'http://localhost/',
      'http://localhost./',
      'http://user:word@example.com/',
      'http://example.com:25/',
      'ftp://example.com/',
      'file:///etc/passwd',
    ])('refuses %s, when it is asked and when it is to send', async (url) => {
      expect(setUp.http.refusalOf(url)).toEqual(expect.any(String));
      const error = await refusal(url);
      expect(error).toMatchObject({ code: 'unprocessable_entity' });
      expect(String(error)).not.toContain('word@');
    });
  });
}
