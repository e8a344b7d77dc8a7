import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid } from '../../domain/kernel/errors.js';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { TargetSender } from '../../notification/target-sender.js';
import { OUTBOUND_HTTP, type OutboundHttp } from '../../ports/outbound-http.js';
import { NotificationTargetRow } from '../../store/entities/index.js';
import type { TargetKind } from '../../store/entities/notification-target.entity.js';
import { Page, readPage } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { lockApp } from '../../store/repositories/lock-app.js';
import { NotificationTargets } from '../../store/repositories/notification-targets.js';
import { withinSight } from '../../store/within-sight.js';
import type {
  CreateNotificationTargetDto,
  ListNotificationTargetsDto,
  NotificationTargetDto,
  TargetTestDto,
  UpdateNotificationTargetDto,
} from './notification-target.dto.js';
import { NotificationTargetViews } from './notification-target-views.js';
import { sampleOf } from './sample-story.js';

/** So long a sample may take, in milliseconds; the connection has a limit of its own, which is shorter. */
const LONGEST_TEST = 15_000;

/** Notification targets as the API shows, makes, changes and tries them. */
@Injectable()
export class NotificationTargetsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly targets: NotificationTargets,
    private readonly views: NotificationTargetViews,
    private readonly sender: TargetSender,
    @Inject(OUTBOUND_HTTP) private readonly http: OutboundHttp,
  ) {}

  async list(query: ListNotificationTargetsDto): Promise<Page<NotificationTargetDto>> {
    const select = this.dataSource.getRepository(NotificationTargetRow).createQueryBuilder('target');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    const page = await readPage(withinSight(select, { app: 'target.appId' }), query);
    return new Page(await this.views.of(page.items), page.page, page.perPage, page.totalCount);
  }

  async get(id: string): Promise<Tagged<NotificationTargetDto>> {
    return this.tagged(await this.targets.get(id));
  }

  async create(body: CreateNotificationTargetDto): Promise<Tagged<NotificationTargetDto>> {
    const { kind, url, events, secret = null, enabled = true } = body;
    this.judge(kind, { url, secret });
    const app = body.app === undefined || body.app === null ? null : await this.directory.app(body.app);
    const wanted = { appId: app?.id ?? null, kind, url, secret, events: unique(events), enabled };
    const row = await this.dataSource.transaction(async (manager) => {
      if (app !== null) await lockApp(manager, app.id, 'share');
      return this.targets.create(wanted, manager);
    });
    return this.tagged(row);
  }

  async update(
    id: string,
    body: UpdateNotificationTargetDto,
    precondition: Precondition,
  ): Promise<Tagged<NotificationTargetDto>> {
    const { events, ...rest } = body;
    const fields = { ...rest, ...(events === undefined ? {} : { events: unique(events) }) };
    const row = await this.targets.change({
      id,
      fields,
      require: ({ version, kind }) => {
        precondition.require(version);
        this.judge(kind, fields);
      },
    });
    return this.tagged(row);
  }

  async remove(id: string): Promise<NotificationTargetDto> {
    return this.views.single(await this.targets.remove(id));
  }

  /** Sends a sample now, whether it is switched on or not; nothing of it is kept. */
  async test(id: string): Promise<TargetTestDto> {
    const target = await this.targets.get(id);
    const { app } = await this.views.single(target);
    const begin = performance.now();
    const telling = { target, story: sampleOf(app), event: 'test', deliveryId: `test-${Date.now()}` };
    const { status, answer, error } = await this.sender.send(telling, AbortSignal.timeout(LONGEST_TEST));
    const milliseconds = Math.round(performance.now() - begin);
    return { delivered: error === null, status, answer, error, milliseconds };
  }

  private async tagged(row: NotificationTargetRow): Promise<Tagged<NotificationTargetDto>> {
    return new Tagged(await this.views.single(row), row.version);
  }

  /** What the address says by itself is told at once; what its name leads to when it is called. */
  private judge(kind: TargetKind, { url, secret }: { url?: string; secret?: string | null }): void {
    const refusal = url === undefined ? null : this.http.refusalOf(url);
    if (refusal !== null) throw invalid('url', refusal);
    if (kind === 'slack' && secret !== undefined && secret !== null)
      throw invalid('secret', 'is for the kind generic: Slack checks no signature; leave it out.');
  }
}

function unique(events: readonly string[]): string[] {
  return [...new Set(events)];
}
