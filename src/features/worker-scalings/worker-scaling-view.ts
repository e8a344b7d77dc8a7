import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import type { ScaleSchedule } from '../../domain/worker/worker-scaling.js';
import { nextSchedule } from '../../observation/schedule-times.js';
import type { WorkerScalingRow } from '../../store/entities/index.js';
import type { NextScheduleDto, ScaleScheduleDto } from './scale-schedule.dto.js';
import type { WorkerScalingDto } from './worker-scaling.dto.js';

/** A rule as the API shows it, now; `all` is where the switch for all stands. */
export function viewOf(
  row: WorkerScalingRow,
  { scale, all, now }: { readonly scale: number; readonly all: ScalingMode; readonly now: number },
): WorkerScalingDto {
  return {
    worker_id: row.workerId,
    min_scale: row.minScale,
    max_scale: row.maxScale,
    mode: row.mode,
    effective_mode: all === 'advice' ? all : row.mode,
    schedules: row.schedules.map(scheduleViewOf),
    next_schedule: nextViewOf(row.schedules, now),
    metric: row.metric === null ? null : metricViewOf(row.metric),
    scale_in_after_seconds: row.scaleInAfterSeconds,
    cool_down_seconds: row.coolDownSeconds,
    scale,
    last_value: row.lastValue,
    ...timesOf(row),
    reason: row.reason,
    trouble: row.trouble,
  };
}

/** What begins next, now. */
export function nextViewOf(schedules: readonly ScaleSchedule[], now: number): NextScheduleDto | null {
  const next = nextSchedule(schedules, now);
  return next === null ? null : { at: next.at.toISOString(), scale: next.scale };
}

const scheduleViewOf = ({ cron, timeZone, scale }: ScaleSchedule): ScaleScheduleDto => ({
  cron,
  time_zone: timeZone,
  scale,
});

const metricViewOf = ({ kind, target, url, query }: NonNullable<WorkerScalingRow['metric']>) => ({
  kind,
  target,
  url,
  query,
});

function timesOf({ lastValueAt, lowerSince, scaledAt }: WorkerScalingRow) {
  return {
    last_value_at: lastValueAt?.toISOString() ?? null,
    lower_since: lowerSince?.toISOString() ?? null,
    scaled_at: scaledAt?.toISOString() ?? null,
  };
}
