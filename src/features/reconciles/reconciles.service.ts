import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { type AppRow, type EnvironmentRow, ReconcileRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { Directory } from '../../store/repositories/directory.js';
import { Reconciles, type WantedReconcile } from '../../store/repositories/reconciles.js';
import { appsOf } from '../../store/repositories/views.js';
import { PreviewService } from './preview.service.js';
import type { CreateReconcileDto, ListReconcilesDto, PreviewReconcileDto, ReconcileDto } from './reconcile.dto.js';
import { previewOf } from './reconcile-view.js';
import { ReconcileViews } from './reconcile-views.js';

/** Reconciles as the API shows them and asks for them. */
@Injectable()
export class ReconcilesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly reconciles: Reconciles,
    private readonly preview: PreviewService,
    private readonly views: ReconcileViews,
    private readonly hold: AnswerHold,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListReconcilesDto): Promise<Page<ReconcileDto>> {
    const select = this.dataSource.getRepository(ReconcileRow).createQueryBuilder('reconcile');
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.state !== undefined) select.andWhere({ state: query.state });
    const page = await readPage(
      withinSight(select, { app: 'reconcile.appId', environment: 'reconcile.environmentId' }),
      query,
    );
    return new Page(await this.views.of(page.items), page.page, page.perPage, page.totalCount);
  }

  /** The reconcile as it is when it settles, or after so many seconds. */
  async get(id: string, seconds?: number): Promise<ReconcileDto> {
    const reconcile = await this.hold.until({ seconds, read: () => this.reconciles.get(id), settled });
    return this.views.single(reconcile);
  }

  /** The id, where there is such a reconcile. */
  async known(id: string): Promise<string> {
    return (await this.reconciles.get(id)).id;
  }

  /** Whether nothing more happens to it. */
  async isSettled(id: string): Promise<boolean> {
    return settled(await this.reconciles.get(id));
  }

  async create(body: CreateReconcileDto, seconds?: number): Promise<ReconcileDto> {
    const { environment, app } = await this.placeOf(body);
    const place = { environmentId: environment.id, appId: app?.id ?? null };
    const callbackUrl = body.callback_url ?? null;
    return this.ask({ ...place, callbackUrl, force: body.force === true, restart: null }, seconds);
  }

  /** Writes what is wanted, tells the engine, and answers the reconcile as it is then, or after so many seconds. */
  async ask(wanted: WantedReconcile, seconds?: number): Promise<ReconcileDto> {
    const { id, pending, environmentId } = await this.reconciles.create(wanted);
    await Promise.all(pending.map((appId) => this.queue.send({ kind: 'app_environment', appId, environmentId })));
    return this.get(id, seconds);
  }

  /** What a reconcile would do now. Nothing is written. */
  async show(body: PreviewReconcileDto): Promise<ReconcileDto> {
    const { environment, app } = await this.placeOf(body);
    const ids = app === null ? await this.reconciles.appsIn(environment.id) : [app.id];
    const plan: ReconcileStep[] = [];
    for (const appId of ids) plan.push(...(await this.preview.plan({ appId, environmentId: environment.id })));
    const apps = await appsOf(this.dataSource.manager, app === null ? [] : [app.id]);
    return previewOf({ environment, app, plan }, apps);
  }

  private async placeOf(body: PreviewReconcileDto): Promise<{ environment: EnvironmentRow; app: AppRow | null }> {
    const environment = await this.directory.environment(body.environment);
    const app = body.app === undefined || body.app === null ? null : await this.directory.app(body.app);
    return { environment, app };
  }
}

function settled({ state }: ReconcileRow): boolean {
  return state !== 'in_progress';
}
