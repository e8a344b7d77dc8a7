import { describe, expect, it } from 'vitest';
import { aSpec } from '../../../test/factories/instances.js';
import type { RouteProbe, WorkerSpec } from '../worker/worker.js';
import { contradictionsOf } from './contradictions-of.js';
import { DEFAULT_POLICY, type RolloutPolicy } from './rollout-policy.js';

const NO_PROBE = { url: null, host: null, allowedFailures: null };

interface Case {
  policy?: Partial<RolloutPolicy>;
  spec?: Partial<WorkerSpec>;
  probe?: Partial<Omit<RouteProbe, 'url'> & { url: string | null }>;
  scale?: number;
}

const judge = ({ policy, spec, probe, scale = 4 }: Case, said: string[]) =>
  contradictionsOf(
    { ...DEFAULT_POLICY, ...policy },
    { scale, spec: aSpec(spec), probe: { ...NO_PROBE, ...probe } },
    new Set(said),
  );
const fields = (given: Case, said: string[]) => judge(given, said).map(({ field }) => field);

const EVERYTHING = [
  ...['progress_deadline_seconds', 'health_deadline_seconds', 'monitor_seconds', 'health_interval_seconds'],
  ...['health_timeout_seconds', 'strategy', 'parallelism', 'batch_delay_seconds', 'allowed_failures'],
  ...['probe_url', 'probe_host', 'probe_allowed_failures'],
];

describe('contradictionsOf', () => {
  it('finds nothing in the defaults', () => {
    expect(judge({}, EVERYTHING)).toEqual([]);
    expect(judge({ scale: 0 }, EVERYTHING)).toEqual([]);
  });

  it.each([
    [
      'progress_deadline_seconds',
      { policy: { progressDeadlineSeconds: 31 } },
      { policy: { progressDeadlineSeconds: 30 } },
    ],
    ['progress_deadline_seconds', { policy: { monitorSeconds: 569 } }, { policy: { monitorSeconds: 570 } }],
    ['progress_deadline_seconds', { spec: { healthDeadlineSeconds: 599 } }, { spec: { healthDeadlineSeconds: 600 } }],
    ['health_interval_seconds', { spec: check(30, 1) }, { spec: check(31, 1) }],
    ['health_timeout_seconds', { spec: check(1, 30) }, { spec: check(1, 31) }],
    ['health_deadline_seconds', { spec: { minHealthySeconds: 29 } }, { spec: { minHealthySeconds: 30 } }],
    ['parallelism', { policy: { strategy: 'recreate' } }, { policy: { strategy: 'recreate', parallelism: 2 } }],
    [
      'batch_delay_seconds',
      { policy: { strategy: 'recreate' } },
      { policy: { strategy: 'recreate', delaySeconds: 1 } },
    ],
    ['allowed_failures', { policy: { allowedFailures: 3 } }, { policy: { allowedFailures: 4 } }],
    ['allowed_failures', { scale: 0, policy: { allowedFailures: 4 } }, { scale: 1, policy: { allowedFailures: 1 } }],
    [
      'probe_url',
      { probe: { url: 'http://r/' } },
      { probe: { url: 'http://r/' }, spec: { name: 'mailer', port: null } },
    ],
    ['probe_host', { probe: { url: 'http://r/', host: 'a' } }, { probe: { host: 'a' } }],
    ['probe_allowed_failures', { probe: { url: 'http://r/', allowedFailures: 0 } }, { probe: { allowedFailures: 0 } }],
  ] as [string, Case, Case][])('draws the line for %s', (field, good, bad) => {
    expect(fields(good, EVERYTHING)).toEqual([]);
    expect(fields(bad, EVERYTHING)).toEqual([field]);
  });

  it.each(['rolling', 'blue_green', 'recreate'] as const)('keeps what is said of canaries from %s', (strategy) => {
    for (const field of ['canary_percent', 'canary_pause_seconds']) {
      expect(fields({ policy: { strategy } }, [field])).toEqual([field]);
      expect(fields({ policy: { strategy: 'canary' } }, [field])).toEqual([]);
    }
  });

  it('names all faults at once, each with its figures and the way out', () => {
    const found = judge(
      { policy: { progressDeadlineSeconds: 10, allowedFailures: 9, strategy: 'recreate', parallelism: 2 } },
      [...EVERYTHING, 'canary_percent'],
    );
    expect(found.map(({ field }) => field)).toEqual([
      'progress_deadline_seconds',
      'canary_percent',
      'parallelism',
      'allowed_failures',
    ]);
    expect(found[0]?.message).toBe(
      'is 10, but one instance alone may take 30 s (health_deadline_seconds 30 + monitor_seconds 0): make it longer ' +
        'than that, or make them shorter.',
    );
    expect(found[3]?.message).toContain('Allow at most 3.');
  });

  it('does not refuse a change for what stood there before: a worker is always scaled', () => {
    const given: Case = { scale: 1, policy: { allowedFailures: 3, progressDeadlineSeconds: 1 } };
    expect(judge(given, ['scale', 'command', 'memory_mb'])).toEqual([]);
  });
});

function check(intervalSeconds: number, timeoutSeconds: number): Partial<WorkerSpec> {
  return { check: { kind: 'http', path: '/', intervalSeconds, timeoutSeconds } };
}
