import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { canceledSentence } from '../../domain/build/failure-sentence.js';
import { BuildQueueLook, type WaitingLook } from '../../observation/build-queue-look.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { BuildRow } from '../../store/entities/index.js';
import { LogBook } from '../../store/log-book.js';
import { BuildProgress } from '../../store/repositories/build-progress.js';
import { BuildQueue, type QueuedBuild } from '../../store/repositories/build-queue.js';
import { CancelBuild } from '../../store/repositories/cancel-build.js';
import { withinSight } from '../../store/within-sight.js';
import type { BuildQueueDto, RunningBuildDto, WaitingBuildDto } from './build-queue.dto.js';

/** The queue of builds as the API shows it, and the wish that one should end. */
@Injectable()
export class BuildQueueService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly rows: BuildQueue,
    private readonly observed: BuildQueueLook,
    private readonly canceling: CancelBuild,
    private readonly progress: BuildProgress,
    private readonly logBook: LogBook,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  /** Numbers count every build; only those in sight are named. */
  async show(): Promise<BuildQueueDto> {
    const [look, pace, seen] = await Promise.all([this.observed.look(), this.rows.pace(), this.inSight()]);
    const waiting = look.waiting.map((each, index) => waitingViewOf(each, index + 1));
    return {
      length: look.waiting.length,
      running_count: look.running.length,
      most_at_once: look.limits.atOnce,
      wait_seconds_p50: rounded(pace.waitP50),
      wait_seconds_p95: rounded(pace.waitP95),
      asked_per_hour: pace.askedPerHour,
      begun_per_hour: pace.begunPerHour,
      settled_per_hour: pace.settledPerHour,
      running: look.running.filter(({ id }) => seen.has(id)).map(runningViewOf),
      waiting: waiting.filter(({ id }) => seen.has(id)),
      hosts: look.hosts.map(({ name, running, whyNot }) => ({
        name,
        running,
        most: look.limits.perHost,
        why_not: whyNot,
      })),
    };
  }

  /** Ends one that waits; the engine ends one that runs. The deploys that wait for it are looked at. */
  async cancel(id: string, reason: string | null): Promise<void> {
    const came = await this.canceling.cancel(id, reason);
    if (came === 'ended') await this.tell(id, `failed: ${canceledSentence(reason)}`);
    if (came === 'asked') await this.tell(id, `cancel was asked for${reason === null ? '' : `: ${reason}`}`);
    const deploys = await this.progress.waitingFor(id);
    const looks = deploys.map((key) => this.queue.send({ kind: 'app_environment', ...key }));
    await Promise.all([this.queue.send({ kind: 'build', buildId: id }), ...looks]);
  }

  private async tell(id: string, text: string): Promise<void> {
    await this.logBook.append({ subject: 'build', id }, [{ logger: 'api', level: 'warn', text }]);
  }

  private async inSight(): Promise<ReadonlySet<string>> {
    const open = this.dataSource.getRepository(BuildRow).createQueryBuilder('build').where({ state: 'in_progress' });
    const seen = await withinSight(open, { app: 'build.appId' }).select('build.id').getMany();
    return new Set(seen.map(({ id }) => id));
  }
}

const rounded = (seconds: number | null): number | null => (seconds === null ? null : Math.round(seconds * 10) / 10);

function runningViewOf({ id, app, ref, rref, branch, host, phase, startedAt }: QueuedBuild): RunningBuildDto {
  return { id, app, ref, rref, branch, host, phase, started_at: startedAt?.toISOString() ?? null };
}

function waitingViewOf({ build, why }: WaitingLook, position: number): WaitingBuildDto {
  const { id, app, ref, rref, branch, createdAt } = build;
  const waited = rounded(Math.max(0, Date.now() - createdAt.getTime()) / 1000) ?? 0;
  return { id, app, ref, rref, branch, position, why, created_at: createdAt.toISOString(), waited_seconds: waited };
}
