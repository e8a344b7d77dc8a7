import type { Instance, Observation } from '../../src/domain/instance/instance.js';
import type { ObservedInstance } from '../../src/domain/instance/plan-instance.js';
import { DEFAULT_POLICY } from '../../src/domain/rollout/rollout-policy.js';
import type { WorkerSpec } from '../../src/domain/worker/worker.js';

/** A `web` worker's spec with plain values. */
export function aSpec(patch: Partial<WorkerSpec> = {}): WorkerSpec {
  return {
    name: 'web',
    command: ['/start', 'web'],
    port: 8888,
    resources: { memoryMb: 64, cpus: 0.1 },
    check: { kind: 'http', path: '/', intervalSeconds: 1, timeoutSeconds: 1 },
    healthDeadlineSeconds: 30,
    minHealthySeconds: 0,
    drainSeconds: 1,
    stopGraceSeconds: 1,
    stopSignal: 'SIGTERM',
    policy: DEFAULT_POLICY,
    probe: null,
    ...patch,
  };
}

/** An instance with plain values. */
export function anInstance(patch: Partial<Instance>, spec: Partial<WorkerSpec> = {}): Instance {
  const slot = patch.slot ?? 1;
  const deployId = patch.deployId ?? '1';
  return {
    id: `${deployId}-${slot}`,
    appId: '1',
    environmentId: '1',
    workerId: '1',
    deployId,
    slot,
    attempt: 1,
    containerName: `sample-production-web-${slot}-d${deployId}`,
    host: 'h1',
    hostPort: 20_000,
    spec: aSpec(spec),
    desired: 'running',
    state: 'planned',
    wave: 0,
    standby: false,
    plannedAt: 0,
    liveAt: patch.healthyAt ?? null,
    startedAt: null,
    healthyAt: null,
    drainingAt: null,
    endedAt: null,
    failure: null,
    ...patch,
  };
}

/** An instance beside what is seen of it: running and passing where nothing else is said. */
export function observed(instance: Instance, seen: Partial<Observation> = {}): ObservedInstance {
  const well: Observation = {
    container: 'running',
    hostLostBecause: null,
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    check: 'passing',
    checkOutput: null,
  };
  return { instance, seen: { ...well, ...seen } };
}

/** A healthy instance beside what is seen of it. */
export function healthyOne(seen: Partial<Observation> = {}): ObservedInstance {
  return observed(anInstance({ state: 'healthy', startedAt: 0, healthyAt: 0 }), seen);
}
