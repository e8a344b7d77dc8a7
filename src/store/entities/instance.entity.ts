import { Column, Entity, Index } from 'typeorm';
import type { InstanceDesire, InstanceState } from '../../domain/instance/instance-lifecycle.js';
import type { InstanceFailure } from '../../domain/instance/instance.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import { AppRow } from './app.entity.js';
import { DeployRow } from './deploy.entity.js';
import { EnvironmentRow } from './environment.entity.js';
import { WorkerRow } from './worker.entity.js';
import { Id, Ref, Time } from './columns.js';

/** One container in a slot. The indexes keep two out of one slot of a deploy, and out of one port of a host. */
@Entity('instances')
@Index('instances_one_per_slot_and_deploy', ['workerId', 'slot', 'deployId'], {
  unique: true,
  where: "desired = 'running' AND state NOT IN ('stopped', 'failed')",
})
@Index('instances_one_per_host_port', ['host', 'hostPort'], { unique: true, where: "state <> 'stopped'" })
@Index('instances_living', ['appId', 'environmentId'], { where: "state <> 'stopped'" })
@Index('instances_living_by_host', ['host'], { where: "state <> 'stopped'" })
@Index('instances_by_health', ['healthyAt'])
export class InstanceRow {
  @Id() id!: string;
  @Ref('app_id', () => AppRow) appId!: string;
  @Ref('environment_id', () => EnvironmentRow) environmentId!: string;
  @Ref('worker_id', () => WorkerRow) workerId!: string;
  @Ref('deploy_id', () => DeployRow) deployId!: string;
  @Column({ type: 'integer' }) slot!: number;
  @Column({ type: 'integer', default: 1 }) attempt!: number;
  @Column({ name: 'container_name', type: 'text' }) containerName!: string;
  @Column({ name: 'container_id', type: 'text', nullable: true }) containerId!: string | null;
  @Column({ type: 'text' }) host!: string;
  @Column({ name: 'host_port', type: 'integer', nullable: true }) hostPort!: number | null;
  @Column({ type: 'jsonb' }) spec!: WorkerSpec;
  /** What it reserves on its host; in columns so that the sum is one query. */
  @Column({ name: 'memory_mb', type: 'integer' }) memoryMb!: number;
  @Column({ type: 'double precision' }) cpus!: number;
  @Column({ type: 'text', default: 'running' }) desired!: InstanceDesire;
  @Column({ type: 'text', default: 'planned' }) state!: InstanceState;
  /** The batch of its rollout. */
  @Column({ type: 'integer', default: 0 }) wave!: number;
  /** Whether it is kept out of traffic until all of its deploy are healthy. */
  @Column({ type: 'boolean', default: false }) standby!: boolean;
  @Column({ type: 'jsonb', nullable: true }) failure!: InstanceFailure | null;
  @Time('planned_at', { default: () => 'now()' }) plannedAt!: Date;
  @Time('started_at', { nullable: true }) startedAt!: Date | null;
  @Time('healthy_at', { nullable: true }) healthyAt!: Date | null;
  /** When it was given to traffic. */
  @Time('live_at', { nullable: true }) liveAt!: Date | null;
  @Time('draining_at', { nullable: true }) drainingAt!: Date | null;
  @Time('ended_at', { nullable: true }) endedAt!: Date | null;
}
