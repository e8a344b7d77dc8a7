import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { InstanceRow, ReleaseRow, RunRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { Redactors } from '../../store/redactors.js';
import { Directory, idOrNotFound } from '../../store/repositories/directory.js';
import { Places } from '../../store/repositories/places.js';
import { type NewRun, Runs } from '../../store/repositories/runs.js';
import { withinSight } from '../../store/within-sight.js';
import type { FollowedLog } from '../logs/log-feed.js';
import { RUN_LIMITS, type RunLimits } from './run-limits.js';
import { RunOrders } from './run-orders.js';
import { viewOf } from './run-view.js';
import type { CreateExecDto, CreateRunDto, ListRunsDto, RunDto } from './run.dto.js';

/** Commands that are run once, as the API shows them and asks for them. */
@Injectable()
export class RunsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly places: Places,
    private readonly redactors: Redactors,
    private readonly runs: Runs,
    private readonly orders: RunOrders,
    private readonly hold: AnswerHold,
    @Inject(RUN_LIMITS) private readonly limits: RunLimits,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListRunsDto): Promise<Page<RunDto>> {
    const select = this.dataSource.getRepository(RunRow).createQueryBuilder('run');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    if (query.state !== undefined) select.andWhere({ state: query.state });
    if (query.instance !== undefined) select.andWhere({ instanceId: query.instance });
    const page = await readPage(withinSight(select, { app: 'run.appId', environment: 'run.environmentId' }), query);
    const views = new Map((await this.viewsOf(page.items)).map((view) => [view.id, view]));
    return page.map(({ id }) => views.get(id) as RunDto);
  }

  /** The run as it is when it has ended, or after so many seconds. */
  async get(id: string, seconds?: number): Promise<RunDto> {
    const run = await this.hold.until({ seconds, read: () => this.runs.get(id), settled });
    const [view] = await this.viewsOf([run]);
    return view as RunDto;
  }

  /** Has a command run in a container of its own. */
  async create(body: CreateRunDto): Promise<RunDto> {
    return this.order(await this.orders.oneOff(body));
  }

  /** Has a command run in the container of an instance. */
  async createExec(instanceId: string, body: CreateExecDto): Promise<RunDto> {
    const id = idOrNotFound('instance', instanceId);
    const instance = await this.dataSource.manager.findOneBy(InstanceRow, { id });
    if (instance === null) throw notFound('instance', instanceId);
    return this.order(await this.orders.exec(instance, body));
  }

  /** Asks for its end; one that has ended is refused. */
  async cancel(id: string): Promise<RunDto> {
    const run = await this.runs.get(id);
    if (settled(run)) throw new DomainError('conflict', `Run ${id} is over: it ${run.state} already.`);
    await this.runs.cancel(id);
    await this.queue.send({ kind: 'run', runId: id });
    return this.get(id);
  }

  /** Its log, and when it ends. */
  async logOf(id: string): Promise<FollowedLog> {
    const run = await this.runs.get(id);
    return { of: { subject: 'run', id: run.id }, settled: async () => settled(await this.runs.get(id)) };
  }

  private async order(wanted: NewRun): Promise<RunDto> {
    const { id } = await this.runs.create(wanted, this.limits.perApp);
    await this.queue.send({ kind: 'run', runId: id });
    return this.get(id);
  }

  private async viewsOf(rows: readonly RunRow[]): Promise<RunDto[]> {
    const { manager } = this.dataSource;
    const idsOf = (key: 'releaseId' | 'instanceId') => rows.flatMap((row) => row[key] ?? []);
    const releases = await manager.findBy(ReleaseRow, { id: In(idsOf('releaseId')) });
    const instances = await manager.findBy(InstanceRow, { id: In(idsOf('instanceId')) });
    const seen = { ...(await this.places.around(rows)), releases: byId(releases), instances: byId(instances) };
    return Promise.all(rows.map(async (row) => (await this.redactors.of(row)).deep(viewOf(row, seen))));
  }
}

/** Whether nothing more happens to a run. */
function settled({ state }: RunRow): boolean {
  return runLifecycle.isFinal(state);
}

const byId = <T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.id, row]));
