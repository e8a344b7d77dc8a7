import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, LessThan, Not } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES, type DeployState } from '../../domain/deploy/deploy-lifecycle.js';
import type {
  DeployFacts,
  ExplainedBuild,
  ExplainedDeploy,
  ExplainedRoom,
  LeaseHolder,
} from '../../domain/deploy/explanation.js';
import type { Instance } from '../../domain/instance/instance.js';
import type { WantedWorker } from '../../domain/reconcile/reconcile-snapshot.js';
import {
  AppRow,
  BuildRow,
  DeployRow,
  EnvironmentRow,
  HoldRow,
  HostPoolRow,
  InstanceRow,
  LeaseRow,
  WorkerRow,
} from '../entities/index.js';
import { specOf } from '../worker-spec.js';
import { instanceOf } from './instances.js';

/** What Postgres says of a deploy: all that an explanation needs but the checks, which Consul knows. */
export interface StoredDeployFacts extends Omit<DeployFacts, 'fresh' | 'consulSilentBecause'> {
  /** The last instance of each slot. */
  readonly fresh: readonly Instance[];
}

/** Reads what a deploy is explained by. */
@Injectable()
export class DeployFactsReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Everything about a deploy; `fresh` are its instances, the last of each slot. */
  async read(deploy: DeployRow, fresh: readonly InstanceRow[]): Promise<StoredDeployFacts> {
    const { manager } = this.dataSource;
    const { appId, environmentId } = deploy;
    const place = { appId, environmentId };
    const [app, environment, build, hold, workers, old] = await Promise.all([
      manager.findOneByOrFail(AppRow, { id: appId }),
      manager.findOneByOrFail(EnvironmentRow, { id: environmentId }),
      this.build(deploy.buildId),
      manager.findOneBy(HoldRow, place),
      manager.find(WorkerRow, { where: place, order: { id: 'ASC' } }),
      manager.findBy(InstanceRow, { ...place, state: Not('stopped'), deployId: Not(deploy.id) }),
    ]);
    return {
      now: await this.now(),
      deploy: factsOf(deploy, { app: app.name, environment: environment.name }),
      before: await this.before(deploy),
      queueMode: app.deployQueue,
      hold: hold === null ? null : { reason: hold.reason, since: hold.createdAt.getTime() },
      build,
      engine: await this.lease(`app_environment:${appId}:${environmentId}`),
      room: await this.room(deploy, app),
      hasReleaseCommand: app.releaseCommand !== '',
      workers: workers.map(wantedOf),
      fresh: fresh.map(instanceOf),
      old: old.map(instanceOf),
    };
  }

  /** The database's time: leases run by it. */
  private async now(): Promise<number> {
    const [row] = await this.dataSource.query<{ now: Date }[]>('SELECT now() AS now');
    return row?.now.getTime() ?? Date.now();
  }

  /** The deploy in progress that one in the queue waits for, or else the one before it in the queue. */
  private async before({ id, appId, environmentId, queued }: DeployRow): Promise<DeployFacts['before']> {
    if (!queued) return null;
    const inProgress = { appId, environmentId, state: In<DeployState>([...IN_PROGRESS_DEPLOY_STATES]) };
    const [first] = await this.dataSource.manager.find(DeployRow, {
      where: [
        { ...inProgress, queued: false },
        { ...inProgress, id: LessThan(id) },
      ],
      order: { queued: 'ASC', id: 'ASC' },
      take: 1,
    });
    return first === undefined || first.id === id
      ? null
      : { id: first.id, state: first.state, since: first.createdAt.getTime() };
  }

  private async room(deploy: DeployRow, { stackId }: AppRow): Promise<ExplainedRoom | null> {
    const { environmentId, roomWanted: wanted, roomWantedSince: since } = deploy;
    if (wanted === null || since === null) return null;
    const where = { stackId, environmentId, deletedAt: IsNull() };
    const row = await this.dataSource.manager.findOneBy(HostPoolRow, where);
    if (row === null) return { since: since.getTime(), wanted, pool: null };
    const { id, desiredHosts: desired, maxHosts: max, trouble, waitForRoomSeconds: waitSeconds } = row;
    const pool = { id, desired, max, trouble, waitSeconds, reason: row.advice?.reason ?? null };
    return { since: since.getTime(), wanted, pool };
  }

  private async build(id: string | null): Promise<ExplainedBuild | null> {
    const row = id === null ? null : await this.dataSource.manager.findOneBy(BuildRow, { id });
    if (row === null) return null;
    const lease = row.state === 'in_progress' ? await this.lease(`build:${row.id}`) : null;
    const now = await this.now();
    return {
      ...{ id: row.id, state: row.state, host: row.containerHost, failureReason: row.failureReason },
      ...{ createdAt: row.createdAt.getTime(), completedAt: row.completedAt?.getTime() ?? null },
      lease: lease !== null && lease.until > now ? lease : null,
    };
  }

  private async lease(key: string): Promise<LeaseHolder | null> {
    const row = await this.dataSource.manager.findOneBy(LeaseRow, { key });
    if (row === null) return null;
    return { holder: row.holder, since: row.acquiredAt.getTime(), until: row.expiresAt.getTime() };
  }
}

function wantedOf(worker: WorkerRow): WantedWorker {
  return { workerId: worker.id, scale: worker.scale, spec: specOf(worker) };
}

function factsOf(row: DeployRow, names: { readonly app: string; readonly environment: string }): ExplainedDeploy {
  const { id, rref, kind, state, outcome, failureReason, queued, automatic, pausedBecause, releaseCommand } = row;
  return {
    ...names,
    ...{ id, sha: rref, kind, state, outcome, failureReason, queued, automatic, pausedBecause, releaseCommand },
    createdAt: row.createdAt.getTime(),
    completedAt: row.completedAt?.getTime() ?? null,
    cancelRequestedAt: row.cancelRequestedAt?.getTime() ?? null,
    deployingAt: row.deployingAt?.getTime() ?? null,
    failingAt: row.failingAt?.getTime() ?? null,
    pausedAt: row.pausedAt?.getTime() ?? null,
    continuedAt: row.continuedAt?.getTime() ?? null,
  };
}
