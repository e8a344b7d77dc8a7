import { describe, expect, it } from 'vitest';
import type { RouteProbe } from '../worker/worker.js';
import { ProbeTally } from './probe-tally.js';

const probe = (allowedFailures: number | null): RouteProbe => ({
  url: 'http://router/',
  host: 'sample.example.com',
  allowedFailures,
});

describe('ProbeTally', () => {
  it('counts requests, failures and latencies', () => {
    const tally = new ProbeTally(null);
    const one = probe(null);
    for (const milliseconds of [1, 2, 3]) tally.answered(one, { status: 200, milliseconds });
    tally.failed(one, 'http://router/ does not answer: connect ECONNREFUSED');
    const { requests, failures, p99Ms, lastFailure } = tally.result();
    expect({ requests, failures }).toEqual({ requests: 4, failures: 1 });
    expect(p99Ms).toBeGreaterThanOrEqual(3);
    expect(lastFailure).toContain('ECONNREFUSED');
  });

  it.each([
    [200, 0],
    [302, 0],
    [404, 0],
    [500, 1],
    [503, 1],
  ])('counts status %i as %i failures', (status, failures) => {
    const tally = new ProbeTally(null);
    tally.answered(probe(null), { status, milliseconds: 1 });
    expect(tally.failures).toBe(failures);
  });

  it('adds to what was counted before, and never looks better than that', () => {
    const tally = new ProbeTally({ requests: 100, failures: 2, p99Ms: 50, lastFailure: 'before' });
    tally.answered(probe(null), { status: 200, milliseconds: 1 });
    expect(tally.result()).toEqual({ requests: 101, failures: 2, p99Ms: 50, lastFailure: 'before' });
    tally.answered(probe(null), { status: 503, milliseconds: 80 });
    expect(tally.result()).toMatchObject({ requests: 102, failures: 3, lastFailure: 'http://router/ answered 503' });
    expect(tally.result().p99Ms).toBeGreaterThanOrEqual(80);
  });

  it('has no percentile before the first answer', () => {
    const tally = new ProbeTally(null);
    tally.failed(probe(null), 'no answer');
    expect(tally.result().p99Ms).toBeNull();
  });

  it('is broken by one more failure than is allowed', () => {
    const tally = new ProbeTally(null);
    const one = probe(1);
    tally.failed(one, 'first');
    expect(tally.broken([one])).toBeNull();
    tally.failed(one, 'second');
    expect(tally.broken([one])).toBe(
      '2 requests to http://router/ (as sample.example.com) failed while traffic moved, and 1 may: second',
    );
  });

  it('is never broken by failures that are only recorded', () => {
    const tally = new ProbeTally(null);
    const one = probe(null);
    for (let i = 0; i < 1_000; i += 1) tally.failed(one, 'no answer');
    expect(tally.broken([one])).toBeNull();
  });

  it('counts what an engine that is gone had counted against the allowed', () => {
    const tally = new ProbeTally({ requests: 9, failures: 3, p99Ms: null, lastFailure: 'before' });
    const one = probe(3);
    expect(tally.broken([probe(2)])).toContain('3 requests to http://router/ (as sample.example.com) failed');
    expect(tally.broken([one])).toBeNull();
    tally.failed(one, 'one more');
    expect(tally.broken([one])).toContain('4 requests');
  });
});
