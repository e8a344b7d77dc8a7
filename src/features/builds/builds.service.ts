import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { buildLifecycle } from '../../domain/build/build-lifecycle.js';
import { provenanceStatement } from '../../domain/build/provenance-statement.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { BuildRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { Builds } from '../../store/repositories/builds.js';
import { Directory } from '../../store/repositories/directory.js';
import { lockApp } from '../../store/repositories/lock-app.js';
import { appsOf } from '../../store/repositories/views.js';
import type { FollowedLog } from '../logs/log-feed.js';
import type { ProvenanceStatementDto } from './provenance-statement.dto.js';
import type { BuildDto, CreateBuildDto, ListBuildsDto } from './build.dto.js';
import { viewOf } from './build-view.js';
import { CommitFinder } from './commit-finder.js';

/** Builds as the API shows them and asks for them. */
@Injectable()
export class BuildsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly builds: Builds,
    private readonly hold: AnswerHold,
    private readonly commits: CommitFinder,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListBuildsDto): Promise<Page<BuildDto>> {
    const select = this.dataSource.getRepository(BuildRow).createQueryBuilder('build');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.state !== undefined) select.andWhere({ state: query.state });
    if (query.rref !== undefined) select.andWhere({ rref: query.rref });
    const page = await readPage(withinSight(select, { app: 'build.appId' }), query);
    const seen = await appsOf(
      this.dataSource.manager,
      page.items.map(({ appId }) => appId),
    );
    return page.map((build) => viewOf(build, seen));
  }

  /** The build as it is when it settles, or after so many seconds. */
  async get(id: string, seconds?: number): Promise<BuildDto> {
    const build = await this.hold.until({
      seconds,
      read: () => this.builds.get(id),
      settled,
    });
    return viewOf(build, await appsOf(this.dataSource.manager, [build.appId]));
  }

  /** The id, where there is such a build. */
  async known(id: string): Promise<string> {
    return (await this.builds.get(id)).id;
  }

  /** Its log, and when it ends. */
  async logOf(id: string): Promise<FollowedLog> {
    const { id: known, logRemovedAt } = await this.builds.get(id);
    return {
      of: { subject: 'build', id: known },
      removedAt: logRemovedAt,
      settled: () => this.isSettled(known),
    };
  }

  /** Whether nothing more happens to it. */
  async isSettled(id: string): Promise<boolean> {
    return settled(await this.builds.get(id));
  }

  /** The attestation of its image; throws `unprocessable_entity` with the reason where there is none. */
  async provenance(id: string): Promise<ProvenanceStatementDto> {
    const build = await this.builds.get(id);
    const { image, method, provenance } = build;
    if (image === null || method === null || provenance === null)
      throw new DomainError('unprocessable_entity', noProvenance(build));
    return {
      ...provenanceStatement({ id: build.id, ref: build.ref, image, method, provenance }),
    } as object as ProvenanceStatementDto;
  }

  /** Many who ask at once get one build. One in progress is told to the engine again: its first trigger may be lost. */
  async create(body: CreateBuildDto, seconds?: number): Promise<BuildDto> {
    const app = await this.directory.app(body.app);
    const { sha: rref, branch } = await this.commits.find(app, body.ref);
    const wanted = { appId: app.id, ref: body.ref, rref, branch, callbackUrl: body.callback_url ?? null };
    const build = await this.dataSource.transaction(async (manager) => {
      await lockApp(manager, app.id, 'share');
      return Builds.findOrCreate(manager, wanted);
    });
    if (!settled(build)) await this.queue.send({ kind: 'build', buildId: build.id });
    return this.get(build.id, seconds);
  }
}

function noProvenance({ id, state }: BuildRow): string {
  if (state === 'in_progress')
    return `Build ${id} has no provenance yet: ask again when GET /builds/${id}?wait=60 says completed.`;
  if (state === 'failed') return `Build ${id} failed, so there is no image that would come from anywhere.`;
  return `Build ${id} was made before Jockey wrote provenance down; build the commit again to have it.`;
}

function settled({ state }: BuildRow): boolean {
  return buildLifecycle.isFinal(state);
}
