import { Injectable } from '@nestjs/common';
import { BuildQueueLook } from '../../../observation/build-queue-look.js';
import { MOST_HOSTS } from '../bounded.js';
import type { Collector, Figure } from '../figure.js';

/** The queue of builds, and the hosts that build. */
@Injectable()
export class BuildQueueCollector implements Collector {
  readonly name = 'build_queue';

  constructor(private readonly queue: BuildQueueLook) {}

  async read(): Promise<readonly Figure[]> {
    const { running, waiting, hosts } = await this.queue.look();
    const oldest = Math.min(Date.now(), ...waiting.map(({ build }) => build.createdAt.getTime()));
    return [
      { metric: 'jockey_builds_waiting', value: waiting.length },
      { metric: 'jockey_builds_running', value: running.length },
      { metric: 'jockey_build_oldest_waiting_seconds', value: (Date.now() - oldest) / 1000 },
      ...hosts.slice(0, MOST_HOSTS).flatMap(({ name: host, running: count, whyNot }): Figure[] => [
        { metric: 'jockey_builds_running_on_host', labels: { host }, value: count },
        { metric: 'jockey_build_host_up', labels: { host }, value: Number(whyNot === null) },
      ]),
    ];
  }
}
