import type { WorkerSpec } from './worker.js';

/**
 * The settings in which two specs of a worker differ, by the names that they have on the wire, sorted. What was rolled
 * out stays as it is until the next deploy brings the others.
 */
export function changedSettings(deployed: WorkerSpec, wanted: WorkerSpec): string[] {
  const [before, after] = [settingsOf(deployed), settingsOf(wanted)];
  return Object.keys(after)
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .sort();
}

/** Every setting of a spec by its name on the wire. */
function settingsOf(spec: WorkerSpec): Readonly<Record<string, unknown>> {
  const { policy, check, probe } = spec;
  return {
    command: spec.command,
    port: spec.port,
    memory_mb: spec.resources.memoryMb,
    cpus: spec.resources.cpus,
    health_path: check.kind === 'http' ? check.path : null,
    health_interval_seconds: check.intervalSeconds,
    health_timeout_seconds: check.timeoutSeconds,
    health_deadline_seconds: spec.healthDeadlineSeconds,
    drain_seconds: spec.drainSeconds,
    stop_grace_seconds: spec.stopGraceSeconds,
    stop_signal: spec.stopSignal,
    strategy: policy.strategy,
    parallelism: policy.parallelism,
    batch_delay_seconds: policy.delaySeconds,
    monitor_seconds: policy.monitorSeconds,
    progress_deadline_seconds: policy.progressDeadlineSeconds,
    allowed_failures: policy.allowedFailures,
    on_failure: policy.onFailure,
    canary_percent: policy.canaryPercent,
    canary_pause_seconds: policy.canaryPauseSeconds,
    probe_url: probe?.url ?? null,
    probe_host: probe?.host ?? null,
    probe_allowed_failures: probe?.allowedFailures ?? null,
  };
}
