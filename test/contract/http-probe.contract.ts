import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { HttpProbe, ProbeTarget } from '../../src/ports/http-probe.js';

/** Where a contract suite finds what it asks. */
export interface HttpProbeSetUp {
  readonly probe: HttpProbe;
  /** Answers with the status, under this host name alone where one is given, else 404. */
  answering(status: number, onlyAs?: string): string;
  /** Nothing listens there. */
  readonly refusing: string;
  /** Takes the request and never answers. */
  readonly silent: string;
  /** Breaks off in the middle of the answer. */
  readonly breaking: string;
  close(): Promise<void>;
}

/** What every {@link HttpProbe} does. */
export function httpProbeContract(how: string, begin: () => Promise<HttpProbeSetUp>): void {
  describe(`an HTTP probe ${how}`, () => {
    let setUp: HttpProbeSetUp;
    beforeAll(async () => void (setUp = await begin()));
    afterAll(() => setUp.close());

    const get = (target: Partial<ProbeTarget> & { url: string }, timeoutMs = 5_000, signal = neverAborted()) =>
      setUp.probe.get({ host: null, ...target }, timeoutMs, signal);

    it.each([200, 204, 302, 404, 503])('answers status %i, with the time that it took', async (status) => {
      const answer = await get({ url: setUp.answering(status) });
      expect(answer.status).toBe(status);
      expect(answer.milliseconds).toBeGreaterThan(0);
    });

    it('asks by another host name', async () => {
      const url = setUp.answering(200, 'sample.production.example.com');
      expect((await get({ url })).status).toBe(404);
      expect((await get({ url, host: 'sample.production.example.com' })).status).toBe(200);
    });

    it('rejects with a sentence that names the address when nothing listens', async () => {
      const url = setUp.refusing;
      const error = await get({ url, host: 'a.example.com' }).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(DomainError);
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(String(error)).toContain(`${url} (as a.example.com) does not answer: `);
    });

    it('rejects when the answer breaks off', async () => {
      await expect(get({ url: setUp.breaking })).rejects.toThrow('does not answer');
    });

    it('waits no longer than it is told', async () => {
      await expect(get({ url: setUp.silent }, 200)).rejects.toThrow('no answer within 0.2 s');
    });

    it('ends when it is called off', async () => {
      const off = new AbortController();
      const answer = get({ url: setUp.silent }, 60_000, off.signal).catch((error: unknown) => error);
      off.abort();
      expect(await answer).toBeInstanceOf(DomainError);
    });
  });
}

const neverAborted = (): AbortSignal => new AbortController().signal;
