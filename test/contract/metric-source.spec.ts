import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpMetricSource } from '../../src/adapters/metrics/http-metric-source.js';
import { NodeOutboundHttp } from '../../src/adapters/outbound-http/node-outbound-http.js';
import { rulesOf } from '../../src/domain/outbound/outbound-rules.js';
import type { MetricQuestion } from '../../src/ports/metric-source.js';
import { eventually } from '../support/eventually.js';
import { Prometheus } from '../support/prometheus.js';
import { unusedPort } from './cluster.js';

const DOCUMENT = { queues: [{ length: 42 }], name: 'jobs', below: -1, nothing: null };

/** It looks at itself, so that there is a metric of its own. */
const CONFIG = (port: number): string => `global: { scrape_interval: 1s }
scrape_configs:
  - job_name: itself
    metrics_path: /below/metrics
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`;

/** A real Prometheus and a real server of JSON; only the own machine's first address is open to them. */
describe('numbers to scale by', () => {
  const metrics = new HttpMetricSource(new NodeOutboundHttp(rulesOf('127.0.0.1')));
  let program: Prometheus;
  let documents: Server;
  let prometheus: string;
  let server: string;
  let refusing: string;

  beforeAll(async () => {
    documents = createServer(({ url }, response) => {
      const broken = url?.startsWith('/broken') === true;
      response.writeHead(broken ? 500 : 200).end(broken ? 'oops' : JSON.stringify(DOCUMENT));
    });
    await new Promise<void>((resolve) => documents.listen(0, '127.0.0.1', resolve));
    server = `http://127.0.0.1:${(documents.address() as AddressInfo).port}`;
    refusing = `http://127.0.0.1:${await unusedPort()}`;
    program = await Prometheus.start(CONFIG);
    prometheus = program.url;
  }, 300_000);

  afterAll(async () => {
    documents?.close();
    await program?.stop();
  });

  const read = (kind: MetricQuestion['kind'], url: string, query: string): Promise<number> =>
    metrics.read({ kind, url, query }, new AbortController().signal);
  const query = (text: string) => read('prometheus', prometheus, text);
  const look = (pointer: string) => read('http_json', `${server}/document`, pointer);

  it.each([
    ['vector(42)', 42],
    ['scalar(vector(0.5))', 0.5],
    ['sum(vector(1) or label_replace(vector(2), "a", "b", "", ""))', 3],
  ])('reads %s of Prometheus', async (text, value) => expect(await query(text)).toBe(value));

  it.each([
    ['absent_metric_of_nobody', /holds no value/],
    ['vector(1) or label_replace(vector(2), "a", "b", "", "")', /holds 2 values; let the query give one/],
    ['vector(0) / 0', /is NaN, which is no amount/],
    ['vector(1) / 0', /is Infinity, which is no amount/],
    ['vector(-1)', /is -1, and an amount is never below 0/],
    ['"text"', /should give one number/],
    ['sum(', /says: .*parse error/],
  ])('finds no number in %s, and says why', async (text, words) => {
    await expect(query(text)).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(words) as string,
    });
  });

  it('reads a number out of a document', async () => expect(await look('/queues/0/length')).toBe(42));

  it.each([
    ['/queues/1/length', /has nothing at \/queues\/1\/length/],
    ['/name', /has at \/name what is no number, but a string/],
    ['/nothing', /no number, but null/],
    ['/queues', /no number, but a list/],
    ['', /has at its root what is no number, but an object/],
    ['/below', /is -1, and an amount is never below 0/],
  ])('finds no number at %j, and says why', async (pointer, words) => {
    await expect(look(pointer)).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(words) as string,
    });
  });

  it('takes an answer that is none for no number', async () => {
    for (const kind of ['prometheus', 'http_json'] as const)
      await expect(read(kind, `${server}/broken`, '')).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: expect.stringContaining('status 500') as string,
      });
  });

  it('says that nobody answers, and nothing of the path', async () => {
    for (const kind of ['prometheus', 'http_json'] as const) {
      const error: unknown = await read(kind, `${refusing}/canary?token=canary`, '/a').catch((each: unknown) => each);
      expect(error).toMatchObject({ code: 'unavailable' });
      expect(String(error)).not.toContain('canary');
    }
  });

  it('asks no address that is not allowed', async () => {
    for (const kind of ['prometheus', 'http_json'] as const)
      await expect(read(kind, 'http://169.254.169.254/', '/a')).rejects.toMatchObject({ code: 'unprocessable_entity' });
    expect(metrics.refusalOf('http://169.254.169.254/')).toEqual(expect.any(String));
    expect(metrics.refusalOf(prometheus)).toBeNull();
  });

  it('follows what Prometheus has measured', async () => {
    const value = await eventually('a first sample', () => query('sum(up{job="itself"})').catch(() => false));
    expect(value).toBe(1);
  });
});
