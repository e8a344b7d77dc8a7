import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { scalingNotice } from '../../domain/autoscale/scaling-notice.js';
import { invalid, notFound } from '../../domain/kernel/errors.js';
import { type Precondition, UNCONDITIONAL } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { AppRow, WorkerRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { Directory } from '../../store/repositories/directory.js';
import { Places } from '../../store/repositories/places.js';
import { WorkerScalings } from '../../store/repositories/worker-scalings.js';
import { Workers, type WrittenWorker } from '../../store/repositories/workers.js';
import { viewOf } from './worker-view.js';
import { fieldsOf, requireSense } from './worker-fields.js';
import type { CreateWorkerDto, ListWorkersDto, RescaleWorkerDto, UpdateWorkerDto, WorkerDto } from './worker.dto.js';

/** Workers as the API shows and changes them. */
@Injectable()
export class WorkersService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly workers: Workers,
    private readonly places: Places,
    private readonly scalings: WorkerScalings,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListWorkersDto): Promise<Page<WorkerDto>> {
    const select = this.dataSource
      .getRepository(WorkerRow)
      .createQueryBuilder('worker')
      .innerJoin(AppRow, 'app', 'app.id = worker.app_id AND app.deleted_at IS NULL');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    if (query.worker !== undefined) select.andWhere({ name: query.worker });
    const page = await readPage(
      withinSight(select, { app: 'worker.appId', environment: 'worker.environmentId' }),
      query,
    );
    return new Page(await this.viewsOf(page.items), page.page, page.perPage, page.totalCount);
  }

  async get(id: string): Promise<Tagged<WorkerDto>> {
    return this.tagged(await this.workers.get(id));
  }

  async create({ app, environment, name, ...settings }: CreateWorkerDto): Promise<Tagged<WorkerDto>> {
    const place = {
      appId: (await this.directory.app(app)).id,
      environmentId: (await this.directory.environment(environment)).id,
    };
    const fields = { command: '', ...fieldsOf(name, settings), name };
    const judge = (worker: WorkerRow): void => requireSense(worker, settings);
    return this.answer(await this.workers.create({ place, fields, judge }));
  }

  async update(id: string, body: UpdateWorkerDto, precondition: Precondition): Promise<Tagged<WorkerDto>> {
    const { name = '', app, environment, ...settings } = body;
    const worker = await this.workers.get(id);
    await this.directory.requireSamePlace(worker, { app, environment });
    if (name !== '' && name !== worker.name) throw invalid('name', `of a worker stays: this one is ${worker.name}.`);
    const fields = fieldsOf(worker.name, settings);
    const require = ({ version }: WorkerRow): void => precondition.require(version);
    const judge = (changed: WorkerRow): void => requireSense(changed, settings);
    return this.answer(await this.workers.change({ id, fields, require, judge }));
  }

  async rescale({ app, environment, name, scale }: RescaleWorkerDto): Promise<Tagged<WorkerDto>> {
    const appId = (await this.directory.app(app)).id;
    const environmentId = (await this.directory.environment(environment)).id;
    const worker = await this.workers.find({ appId, environmentId }, name);
    if (worker === null) throw notFound('worker', name);
    return this.update(worker.id, { scale }, UNCONDITIONAL);
  }

  /** The engine is told after the change is written, so that it never looks too early. */
  private async answer({ worker, scaled }: WrittenWorker): Promise<Tagged<WorkerDto>> {
    const { appId, environmentId } = worker;
    if (scaled) await this.queue.send({ kind: 'app_environment', appId, environmentId });
    return this.tagged(worker);
  }

  private async tagged(worker: WorkerRow): Promise<Tagged<WorkerDto>> {
    const [view] = await this.viewsOf([worker]);
    return new Tagged(view as WorkerDto, worker.version);
  }

  private async viewsOf(workers: readonly WorkerRow[]): Promise<WorkerDto[]> {
    const [places, notices] = await Promise.all([this.places.around(workers), this.noticesOf(workers)]);
    return workers.map((worker) => viewOf(worker, places, notices.get(worker.id) ?? null));
  }

  /** Who sets a scale is told at once that it may not stay. */
  private async noticesOf(workers: readonly WorkerRow[]): Promise<ReadonlyMap<string, string>> {
    const rules = await this.scalings.of(workers.map(({ id }) => id));
    if (rules.length === 0) return new Map();
    const all = await this.scalings.switchedTo();
    const byId = new Map(workers.map((worker) => [worker.id, worker]));
    return new Map(
      rules.map(({ workerId: id, minScale, maxScale, mode }) => {
        const advice = all === 'advice' || mode === 'advice';
        return [id, scalingNotice({ id, scale: byId.get(id)?.scale ?? 0, minScale, maxScale, advice })];
      }),
    );
  }
}
