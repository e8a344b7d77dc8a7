import { describe, expect, it } from 'vitest';
import { aSpec } from '../../../test/factories/instances.js';
import { DEFAULT_POLICY } from '../rollout/rollout-policy.js';
import { changedSettings } from './changed-settings.js';
import type { WorkerSpec } from './worker.js';

const CHANGES: readonly [Partial<WorkerSpec>, string[]][] = [
  [{}, []],
  [{ command: ['/start', 'other'] }, ['command']],
  [{ resources: { memoryMb: 128, cpus: 0.2 } }, ['cpus', 'memory_mb']],
  [{ check: { kind: 'http', path: '/healthz', intervalSeconds: 1, timeoutSeconds: 1 } }, ['health_path']],
  [
    { policy: { ...DEFAULT_POLICY, strategy: 'canary', canaryPauseSeconds: null } },
    ['canary_pause_seconds', 'strategy'],
  ],
  [{ probe: { url: 'http://router/', host: null, allowedFailures: 0 } }, ['probe_allowed_failures', 'probe_url']],
  [{ stopSignal: 'SIGINT', drainSeconds: 9 }, ['drain_seconds', 'stop_signal']],
];

describe('changedSettings', () => {
  it.each(CHANGES)('of %j are %j', (change, names) => {
    expect(changedSettings(aSpec(), aSpec(change))).toEqual(names);
    expect(changedSettings(aSpec(change), aSpec())).toEqual(names);
  });
});
