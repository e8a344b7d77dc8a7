import { invalid } from '../../domain/kernel/errors.js';
import { splitCommand } from '../../domain/worker/split-command.js';
import { WEB_WORKER } from '../../domain/worker/worker.js';
import type { WorkerFields } from '../../store/repositories/workers.js';
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
};

/** The settings that are given, by column; throws `record_invalid` for what only the settings together tell. */
export function fieldsOf(worker: string, settings: WorkerSettingsDto): WorkerFields {
  if (settings.command !== undefined) splitCommand(settings.command);
  if (typeof settings.port === 'number' && worker !== WEB_WORKER)
    throw invalid('port', `is only for the worker ${WEB_WORKER}; ${worker} takes no traffic.`);
  const given = (Object.keys(COLUMNS) as (keyof WorkerSettingsDto)[]).filter((name) => settings[name] !== undefined);
  return Object.fromEntries(given.map((name) => [COLUMNS[name], settings[name]])) as WorkerFields;
}
