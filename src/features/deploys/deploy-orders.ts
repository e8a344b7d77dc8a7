import { Inject, Injectable } from '@nestjs/common';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { BuildRow, DeployRow } from '../../store/entities/index.js';
import { LogBook } from '../../store/log-book.js';
import { Deploys } from '../../store/repositories/deploys.js';
import {
  supersededBy,
  type WantedDeploy,
  type WhenBusy,
  type WrittenDeploy,
} from '../../store/repositories/write-deploy.js';

/** Orders that begin, end or go on with deploys: each is written, then the engine is told to look. */
@Injectable()
export class DeployOrders {
  constructor(
    private readonly deploys: Deploys,
    private readonly logBook: LogBook,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  /** Writes a deploy; those whose place it took are told in their logs. */
  async begin(wanted: WantedDeploy): Promise<DeployRow> {
    const written = await this.deploys.create(wanted);
    await this.announce(written, wanted.whenBusy);
    return written.deploy;
  }

  /** Tells the engine, and those whose place it took, of a deploy that was written. */
  async announce({ deploy, build, superseded }: WrittenDeploy, whenBusy: WhenBusy): Promise<void> {
    await this.trigger(deploy, build);
    for (const id of superseded) await this.tell(id, `failed: ${supersededBy(deploy.id, whenBusy)}`);
  }

  /** Ends it at once, or asks the engine to take it back. */
  async cancel(id: string): Promise<void> {
    const how = await this.deploys.cancel(id);
    await this.look(await this.deploys.get(id));
    if (how === 'ended') await this.tell(id, 'failed: canceled');
    if (how === 'asked') await this.tell(id, 'cancel was asked for: what was there before is put back');
  }

  /** Lets a paused one go on. */
  async continue(id: string): Promise<void> {
    await this.deploys.continue(id);
    await this.look(await this.deploys.get(id));
    await this.tell(id, 'somebody said that it may go on', 'info');
  }

  private async tell(id: string, text: string, level: 'info' | 'warn' = 'warn'): Promise<void> {
    await this.logBook.append({ subject: 'deploy', id }, [{ logger: 'api', level, text }]);
  }

  /** A build in progress is told of again: its first trigger may be lost. */
  private async trigger(deploy: DeployRow, build: BuildRow): Promise<void> {
    const toBuild = build.state === 'in_progress' ? this.queue.send({ kind: 'build', buildId: build.id }) : undefined;
    await Promise.all([toBuild, this.look(deploy)]);
  }

  private look({ appId, environmentId }: DeployRow): Promise<void> {
    return this.queue.send({ kind: 'app_environment', appId, environmentId });
  }
}
