import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { BullWorkQueue } from './bull-work-queue.js';

/** Gives {@link WORK_QUEUE}, and closes it last. */
@Module({
  providers: [
    {
      provide: WORK_QUEUE,
      inject: [Environment],
      useFactory: ({ REDIS_URL }: Environment) => new BullWorkQueue(REDIS_URL),
    },
  ],
  exports: [WORK_QUEUE],
})
export class BullModule implements OnApplicationShutdown {
  constructor(@Inject(WORK_QUEUE) private readonly queue: WorkQueue) {}

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}
