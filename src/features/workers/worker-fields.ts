import { DomainError, invalid } from '../../domain/kernel/errors.js';
import { contradictionsOf } from '../../domain/rollout/contradictions-of.js';
import { splitCommand } from '../../domain/worker/split-command.js';
import { WEB_WORKER } from '../../domain/worker/worker.js';
import type { WorkerRow } from '../../store/entities/index.js';
import type { WorkerFields } from '../../store/repositories/workers.js';
import { policyOf, specOf } from '../../store/worker-spec.js';
import type { WorkerSettingsDto } from './worker.dto.js';

/** The column of each setting. */
const COLUMNS: Readonly<Record<keyof WorkerSettingsDto, keyof WorkerFields>> = {
  command: 'command',
  scale: 'scale',
  port: 'port',
  memory_mb: 'memoryMb',
  cpus: 'cpus',
  health_path: 'healthPath',
  health_interval_seconds: 'healthIntervalSeconds',
  health_timeout_seconds: 'healthTimeoutSeconds',
  health_deadline_seconds: 'healthDeadlineSeconds',
  drain_seconds: 'drainSeconds',
  stop_grace_seconds: 'stopGraceSeconds',
  may_move: 'mayMove',
  stop_signal: 'stopSignal',
  strategy: 'strategy',
  parallelism: 'parallelism',
  batch_delay_seconds: 'batchDelaySeconds',
  monitor_seconds: 'monitorSeconds',
  progress_deadline_seconds: 'progressDeadlineSeconds',
  allowed_failures: 'allowedFailures',
  on_failure: 'onFailure',
  canary_percent: 'canaryPercent',
  canary_pause_seconds: 'canaryPauseSeconds',
  probe_url: 'probeUrl',
  probe_host: 'probeHost',
  probe_allowed_failures: 'probeAllowedFailures',
};

/** The settings that are given, by column; throws `record_invalid` for what only the settings together tell. */
export function fieldsOf(worker: string, settings: WorkerSettingsDto): WorkerFields {
  if (settings.command !== undefined) splitCommand(settings.command);
  if (typeof settings.port === 'number' && worker !== WEB_WORKER)
    throw invalid('port', `is only for the worker ${WEB_WORKER}; ${worker} takes no traffic.`);
  return Object.fromEntries(saidIn(settings).map((name) => [COLUMNS[name], settings[name]])) as WorkerFields;
}

/** Throws `record_invalid`, with every fault, where a worker as it would stand contradicts what the request says of it. */
export function requireSense(row: WorkerRow, settings: WorkerSettingsDto): void {
  const probe = { url: row.probeUrl, host: row.probeHost, allowedFailures: row.probeAllowedFailures };
  const worker = { scale: row.scale, spec: specOf(row), probe };
  const faults = contradictionsOf(policyOf(row), worker, new Set<string>(saidIn(settings)));
  if (faults.length === 0) return;
  throw new DomainError('record_invalid', faults.map(({ field, message }) => `${field} ${message}`).join(' '), faults);
}

function saidIn(settings: WorkerSettingsDto): (keyof WorkerSettingsDto)[] {
  return (Object.keys(COLUMNS) as (keyof WorkerSettingsDto)[]).filter((name) => settings[name] !== undefined);
}
