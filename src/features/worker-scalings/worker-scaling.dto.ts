import { getSchemaPath } from '@nestjs/swagger';
import { SCALING_MODES, type ScalingMode } from '../../domain/host-pool/host-pool.js';
import { HIGHEST_SCALE } from '../../domain/worker/worker.js';
import { Field, OneOf, show, WholeNumber } from '../../http/input/fields.js';
import { ScaleMetricDto, ScaleMetricInputDto } from './scale-metric.dto.js';
import { NextScheduleDto, ScaleScheduleDto, ScaleScheduleInputDto } from './scale-schedule.dto.js';

/** More schedules than a week has hours would be a calendar, and no rule. */
const MOST_SCHEDULES = 50;

const BOUND = { min: 0, max: HIGHEST_SCALE };
const SECONDS = { min: 0, max: 86_400, unit: 'seconds', optional: true };

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const schedulesFault = (value: unknown): string | null =>
  Array.isArray(value) && value.length <= MOST_SCHEDULES && value.every(isMap)
    ? null
    : `is ${show(value)}, but should be a list of up to ${MOST_SCHEDULES} maps: [{"cron": "0 8 * * 1-5", "scale": 6}].`;

const metricFault = (value: unknown): string | null =>
  isMap(value) ? null : `is ${show(value)}, but should be a map: {"kind": "cpu", "target": 60}.`;

/** What a rule says beside its bounds. */
class WorkerScalingInputDto {
  /** `advice`: only tells what it would do. */
  @OneOf(SCALING_MODES, { optional: true, example: 'automatic' })
  mode?: ScalingMode;

  /** Scales that hold from times on; none where nothing is said. */
  @Field('map', schedulesFault, {
    optional: true,
    example: [{ cron: '0 8 * * 1-5', time_zone: 'Europe/Berlin', scale: 6 }],
    schema: {
      type: 'array',
      items: { $ref: getSchemaPath(ScaleScheduleInputDto) },
      maxItems: MOST_SCHEDULES,
    } as object,
  })
  schedules?: Record<string, unknown>[];

  /** What it follows; null or nothing for schedules and bounds alone. */
  @Field('map', metricFault, {
    optional: true,
    nullable: true,
    example: { kind: 'cpu', target: 60 },
    schema: { type: 'object', allOf: [{ $ref: getSchemaPath(ScaleMetricInputDto) }] } as object,
  })
  metric?: Record<string, unknown> | null;

  /** How long fewer must have been enough before there are fewer; 300 where nothing is said. */
  @WholeNumber({ ...SECONDS, example: 300 })
  scale_in_after_seconds?: number;

  /** How long the scale rests after it followed the metric or a schedule; 60 where nothing is said. */
  @WholeNumber({ ...SECONDS, example: 60 })
  cool_down_seconds?: number;
}

/** How a worker is to scale itself; what is left out is as by default. */
export class PutWorkerScalingDto extends WorkerScalingInputDto {
  /** The fewest instances. */
  @WholeNumber({ ...BOUND, example: 2 })
  min_scale!: number;

  /** The most instances. */
  @WholeNumber({ ...BOUND, example: 10 })
  max_scale!: number;
}

/** A rule that is only tried; nothing at all for the one that there is. */
export class PreviewWorkerScalingDto extends WorkerScalingInputDto {
  /** The fewest instances. */
  @WholeNumber({ ...BOUND, optional: true, example: 2 })
  min_scale?: number;

  /** The most instances. */
  @WholeNumber({ ...BOUND, optional: true, example: 10 })
  max_scale?: number;
}

/** How a worker scales itself, and what was decided last. */
export class WorkerScalingDto {
  /** Id of the worker. */
  worker_id!: string;

  /** The fewest instances. */
  min_scale!: number;

  /** The most instances. */
  max_scale!: number;

  /** `automatic`, or `advice`: only tells what it would do. */
  mode!: ScalingMode;

  /** What holds: `advice` too where PUT /scaling says so for all. */
  effective_mode!: ScalingMode;

  /** Scales that hold from times on. */
  schedules!: ScaleScheduleDto[];

  /** The schedule that begins next; null for none. */
  next_schedule!: NextScheduleDto | null;

  /** What it follows; null for schedules and bounds alone. */
  metric!: ScaleMetricDto | null;

  /** How long fewer must have been enough before there are fewer, in seconds. */
  scale_in_after_seconds!: number;

  /** How long the scale rests after a change, in seconds. */
  cool_down_seconds!: number;

  /** How many instances there should be now. */
  scale!: number;

  /** The last value of the metric; percent on average for `cpu` and `memory`. */
  last_value!: number | null;

  /** When that was: ISO 8601, UTC. */
  last_value_at!: string | null;

  /** Since when fewer would be enough: ISO 8601, UTC. */
  lower_since!: string | null;

  /** When it changed the scale last: ISO 8601, UTC. */
  scaled_at!: string | null;

  /** The last decision, a sentence; null before the first. */
  reason!: string | null;

  /** Why the metric cannot be had, a sentence; nothing is taken away while it is so. */
  trouble!: string | null;
}

/** What a rule would do at this moment. */
export class ScalingPreviewDto {
  /** How many instances there should be now. */
  scale!: number;

  /** How many there would be. */
  planned_scale!: number;

  /** Why, a sentence with the figures. */
  reason!: string;

  /** The value of the metric; percent on average for `cpu` and `memory`. */
  value!: number | null;

  /** Why the metric cannot be had, a sentence. */
  trouble!: string | null;

  /** Since when fewer would be enough: ISO 8601, UTC. */
  lower_since!: string | null;

  /** The schedule that begins next; null for none. */
  next_schedule!: NextScheduleDto | null;
}

/** A rule as an answer shows it. */
export const WORKER_SCALING_EXAMPLE: WorkerScalingDto = {
  worker_id: '9',
  min_scale: 2,
  max_scale: 10,
  mode: 'automatic',
  effective_mode: 'automatic',
  schedules: [{ cron: '0 8 * * 1-5', time_zone: 'Europe/Berlin', scale: 6 }],
  next_schedule: { at: '2026-11-23T07:00:00.000Z', scale: 6 },
  metric: { kind: 'cpu', target: 60, url: null, query: null },
  scale_in_after_seconds: 300,
  cool_down_seconds: 60,
  scale: 3,
  last_value: 58.2,
  last_value_at: '2026-11-21T03:36:00.000Z',
  lower_since: null,
  scaled_at: '2026-11-21T03:12:00.000Z',
  reason: 'Stays at 3: cpu is 58.2 % of what is reserved, for a target of 60 %.',
  trouble: null,
};

/** A preview as an answer shows it. */
export const SCALING_PREVIEW_EXAMPLE: ScalingPreviewDto = {
  scale: 3,
  planned_scale: 5,
  reason: 'From 3 to 5: cpu is 92 % of what is reserved, for a target of 60 %.',
  value: 92,
  trouble: null,
  lower_since: null,
  next_schedule: { at: '2026-11-23T07:00:00.000Z', scale: 6 },
};
