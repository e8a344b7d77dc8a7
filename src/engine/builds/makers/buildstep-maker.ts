import { Inject, Injectable } from '@nestjs/common';
import { BUILD_HOSTS, type BuildHosts } from '../../../ports/build-hosts.js';
import { SOURCE_CODE, type SourceCode } from '../../../ports/source-code.js';
import { buildpacksBuildOf } from './buildpacks-build.js';
import type { BuildpacksTask, Made, Maker } from './maker.js';

/** Makes an image by the classic builder image, Buildstep. */
@Injectable()
export class BuildstepMaker implements Maker<BuildpacksTask> {
  constructor(
    @Inject(BUILD_HOSTS) private readonly hosts: BuildHosts,
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
  ) {}

  async make(task: BuildpacksTask): Promise<Made> {
    const { place, tag, log, phase, onLine, signal } = task;
    const build = await buildpacksBuildOf(this.source, task, 'buildstep');
    await phase('building');
    const built = await this.hosts.buildstep(place.host, build);
    await phase('pushing');
    log.add('engine', `pushing ${tag}`);
    return { ...built, digest: await this.hosts.push(place.host, { tag, onLine, signal }) };
  }
}
