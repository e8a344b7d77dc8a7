import { Column, Entity, ForeignKey, PrimaryColumn, VersionColumn } from 'typeorm';
import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import type { ScaleMetric, ScaleSchedule } from '../../domain/worker/worker-scaling.js';
import { Time } from './columns.js';
import { WorkerRow } from './worker.entity.js';

/** How the scale of a worker follows the time of day and a metric. Meanings and units: {@link ScaleMetric}. */
@Entity('worker_scalings')
export class WorkerScalingRow {
  @PrimaryColumn({ name: 'worker_id', type: 'bigint' })
  @ForeignKey(() => WorkerRow)
  workerId!: string;
  @Column({ name: 'min_scale', type: 'integer' }) minScale!: number;
  @Column({ name: 'max_scale', type: 'integer' }) maxScale!: number;
  @Column({ type: 'text', default: 'automatic' }) mode!: ScalingMode;
  @Column({ type: 'jsonb', default: [] }) schedules!: readonly ScaleSchedule[];
  @Column({ type: 'jsonb', nullable: true }) metric!: ScaleMetric | null;
  /** Seconds that a lower scale must have been enough. */
  @Column({ name: 'scale_in_after_seconds', type: 'integer', default: 300 }) scaleInAfterSeconds!: number;
  /** Seconds after a change in which the scale does not change again. */
  @Column({ name: 'cool_down_seconds', type: 'integer', default: 60 }) coolDownSeconds!: number;
  @Column({ name: 'last_value', type: 'double precision', nullable: true }) lastValue!: number | null;
  @Time('last_value_at', { nullable: true }) lastValueAt!: Date | null;
  /** Since when a lower scale would be enough. */
  @Time('lower_since', { nullable: true }) lowerSince!: Date | null;
  @Time('scaled_at', { nullable: true }) scaledAt!: Date | null;
  /** The last decision, a sentence. */
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  /** Why the metric cannot be had, a sentence. */
  @Column({ type: 'text', nullable: true }) trouble!: string | null;
  @VersionColumn({ default: 1 }) version!: number;
}
