import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Removal } from '../../domain/retention/removal.js';
import type { RetentionPolicy } from '../../domain/retention/retention-policy.js';
import { whatMayGo } from '../../domain/retention/what-may-go.js';
import { RetentionSurvey } from '../../observation/retention-survey.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { CleanUpRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { CleanUps } from '../../store/repositories/clean-ups.js';
import type { CleanUpDto, CleanUpPreviewDto, ListCleanUpsDto, RemovalDto, RetentionPolicyDto } from './clean-up.dto.js';

/** Clean-ups as the API shows them and asks for them; the engine runs them. */
@Injectable()
export class CleanUpsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly cleanUps: CleanUps,
    private readonly survey: RetentionSurvey,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListCleanUpsDto): Promise<Page<CleanUpDto>> {
    const select = this.dataSource.getRepository(CleanUpRow).createQueryBuilder('clean_up');
    return (await readPage(select, query)).map(viewOf);
  }

  async get(id: string): Promise<CleanUpDto> {
    return viewOf(await this.cleanUps.get(id));
  }

  async create(): Promise<CleanUpDto> {
    const row = await this.cleanUps.ask();
    await this.queue.send({ kind: 'clean_up' });
    return this.get(row.id);
  }

  /** The same function decides as when the engine removes. */
  async preview(): Promise<CleanUpPreviewDto> {
    const surveyed = await this.survey.take();
    const { remove, keep } = whatMayGo(surveyed.snapshot);
    return {
      policy: policyOf(this.survey.policy),
      remove: remove.map(removalOf),
      keep: [...keep],
      logs: await this.survey.countLogs(surveyed),
      troubles: [...surveyed.troubles],
    };
  }
}

function viewOf(row: CleanUpRow): CleanUpDto {
  return {
    id: row.id,
    state: row.state,
    requested_by: row.requestedBy,
    removed: row.removed.map(removalOf),
    removed_count: row.removedCount,
    bytes: row.bytes,
    logs_removed: row.logsRemoved,
    troubles: [...row.troubles],
    failure_reason: row.failureReason,
    created_at: row.createdAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    completed_at: row.completedAt?.toISOString() ?? null,
  };
}

function removalOf({ kind, what, host, bytes }: Removal): RemovalDto {
  return { kind, what, host, bytes };
}

function policyOf(policy: RetentionPolicy): RetentionPolicyDto {
  return {
    releases: policy.releases,
    builds: policy.builds,
    image_days: policy.imageDays,
    host_image_days: policy.hostImageDays,
    build_cache_bytes: policy.cacheBytes,
    log_days: policy.logDays,
  };
}
