import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import type { BuildHost } from '../domain/build/choose-build-host.js';
import { tooLittleRoom } from '../domain/build/disk-room.js';
import { HOST_IMAGES, type HostImages } from '../ports/host-images.js';
import { RetentionReads } from '../store/repositories/retention-reads.js';

/** Looks whether build hosts have room on their disks, while builds wait for one: a look costs a container. */
@Injectable()
export class BuildDisks {
  constructor(
    @Inject(HOST_IMAGES) private readonly images: HostImages,
    private readonly reads: RetentionReads,
    private readonly environment: Environment,
  ) {}

  /** The same hosts, with the reason against those that have too little room. A host that does not answer is left as it is. */
  async seen(hosts: readonly BuildHost[]): Promise<readonly BuildHost[]> {
    if (this.environment.MIN_FREE_DISK_MB === 0 || !(await this.reads.anyBuildWaits())) return hosts;
    return Promise.all(hosts.map((each) => this.seenOne(each)));
  }

  private async seenOne(each: BuildHost): Promise<BuildHost> {
    if (!each.host.healthy || each.cordoned) return each;
    const free = await this.images.freeDisk(each.host).catch(() => null);
    return { ...each, noRoom: tooLittleRoom(free, this.environment.MIN_FREE_DISK_MB) };
  }
}
