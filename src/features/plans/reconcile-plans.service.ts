import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid, notFound } from '../../domain/kernel/errors.js';
import { withDrained, withHosts, withoutHost, withScale } from '../../domain/what-if/change-world.js';
import { HIGHEST_SCALE } from '../../domain/worker/worker.js';
import { tryReconcile } from '../../domain/what-if/try-reconcile.js';
import type { WhatIfWorld } from '../../domain/what-if/what-if.js';
import { WhatIfWorlds, type SeenWorld } from '../../observation/what-if-worlds.js';
import { type AppRow, type EnvironmentRow, StackRow, WorkerRow } from '../../store/entities/index.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { Directory } from '../../store/repositories/directory.js';
import type { AddHostsChangeDto, GroupOfChangeDto, LoseHostChangeDto, ScaleChangeDto } from './change.dto.js';
import type { PlanDto } from './plan.dto.js';
import { inProgressNote, notesOf, type PlanPlace } from './plan-place.js';
import { viewOf } from './plan-view.js';
import { PoolPlans } from './pool-plans.service.js';

/** Where hosts come or go; null for all apps. */
export interface HostsPlace {
  readonly environment: EnvironmentRow;
  readonly app: AppRow | null;
}

/** Says what reconciles would do after a change of scale or of hosts. */
@Injectable()
export class ReconcilePlans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly appEnvironments: AppEnvironments,
    private readonly worlds: WhatIfWorlds,
    private readonly pools: PoolPlans,
  ) {}

  /** What another scale of a worker would do. */
  async scale({ app, environment, stack }: PlanPlace, change: ScaleChangeDto): Promise<PlanDto> {
    const key = { appId: app.id, environmentId: environment.id };
    const row = await this.dataSource.manager.findOneBy(WorkerRow, { ...key, name: change.worker });
    if (row === null) throw notFound('worker', change.worker);
    const scale = scaleOf(change, row);
    const world = await this.worlds.of({ environment: environment.name, stacks: [stack], keys: [key] });
    const plan = play(world, (quiet) => withScale(quiet, { workerId: row.id, scale }), notDeployedNotes(world, row));
    return { ...plan, pools: await this.pools.scale(app, row, scale) };
  }

  /** What would be moved if a host were lost for good. */
  async loseHost(place: HostsPlace, { host }: LoseHostChangeDto): Promise<PlanDto> {
    const world = await this.worldOf(place);
    if (!world.hosts.some((each) => each.host.name === host)) throw notFound(`host in ${place.environment.name}`, host);
    const { length } = world.seen.filter(({ outlook }) => outlook.state.instances.some((each) => each.host === host));
    const others = `Told is ${place.environment.name} alone; ${length} of its apps have something on ${host}.`;
    const plan = play(world, (quiet) => withoutHost(quiet, host), [
      others,
      'The host is lost for good: its grace is over, and Consul has forgotten it.',
    ]);
    return { ...plan, pools: await this.pools.loseHost(place.environment, host) };
  }

  /** What would come to new hosts. */
  async addHosts(place: HostsPlace, change: AddHostsChangeDto): Promise<PlanDto> {
    const stack = await this.directory.stack(change.stack);
    const world = await this.worldOf(place);
    const own = world.seen.filter(({ outlook }) => outlook.state.stack === stack.name);
    const added = {
      count: change.count,
      capacity: { memoryMb: change.memory_mb, cpus: change.cpus },
      apps: new Set(own.map(({ app }) => app.app.id)),
    };
    return play(world, (quiet) => withHosts(quiet, added), []);
  }

  /** What would be moved if the pool of a stack had so many hosts, and who would come or leave. */
  async groupOf(place: HostsPlace, { stack: key, hosts }: GroupOfChangeDto): Promise<PlanDto> {
    const stack = await this.directory.stack(key);
    const pool = await this.pools.at(stack, place.environment);
    const world = await this.worldOf(place);
    const own = world.seen.filter(({ outlook }) => outlook.state.stack === stack.name);
    const { added, leave, notes, pools } = this.pools.groupOf(pool, hosts);
    const apps = new Set(own.map(({ app }) => app.app.id));
    const change = (quiet: WhatIfWorld) =>
      withDrained(added === null ? quiet : withHosts(quiet, { ...added, apps }), leave);
    return { ...play(world, change, notes), pools: [...pools] };
  }

  private async worldOf({ environment, app }: HostsPlace): Promise<SeenWorld> {
    const all = await this.appEnvironments.all();
    const keys = all
      .filter(({ appId, environmentId }) => environmentId === environment.id && (app === null || appId === app.id))
      .sort((one, other) => Number(one.appId) - Number(other.appId));
    const stacks = await this.dataSource.manager.find(StackRow, { order: { name: 'ASC' } });
    return this.worlds.of({ environment: environment.name, stacks: stacks.map(({ name }) => name), keys });
  }
}

/** As many as are said, or as many times those that there should be now. */
function scaleOf({ scale, times }: ScaleChangeDto, row: WorkerRow): number {
  if ((scale === undefined) === (times === undefined))
    throw invalid('change.scale', 'should be said, or change.times: one of the two, and not both.');
  if (scale !== undefined) return scale;
  const many = Math.ceil(row.scale * (times ?? 1));
  if (many > HIGHEST_SCALE)
    throw invalid('change.times', `would be a scale of ${many}, but it should be at most ${HIGHEST_SCALE}.`);
  return many;
}

/** An app whose deploy is in progress is left out, and that is told. */
function play(world: SeenWorld, change: (quiet: WhatIfWorld) => WhatIfWorld, notes: readonly string[]): PlanDto {
  const quiet = world.seen.filter((each) => inProgressNote(each) === null);
  const busy = world.seen.flatMap((each) => inProgressNote(each) ?? []);
  const outcome = tryReconcile(change({ hosts: world.hosts, apps: quiet.map(({ app }) => app) }));
  return viewOf(outcome, [...notes, ...busy, ...quiet.flatMap(notesOf)]);
}

function notDeployedNotes({ seen }: SeenWorld, { id, name }: WorkerRow): string[] {
  return seen.flatMap(({ outlook: { state } }) => {
    if (state.current === null) return ['Nothing is deployed yet: the scale counts from the first deploy on.'];
    const wanted = state.workers.some(({ workerId }) => workerId === id);
    return wanted ? [] : [`Worker ${name} is not in the release that runs: the scale counts from the next deploy on.`];
  });
}
