import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../../config/environment.js';
import type { BuildLine } from '../../../domain/build/build-line.js';
import { BUILD_HOSTS, type BuildHosts } from '../../../ports/build-hosts.js';
import { SOURCE_CODE, type SourceCode } from '../../../ports/source-code.js';
import { buildpacksBuildOf } from './buildpacks-build.js';
import type { BuildpacksTask, Made, Maker } from './maker.js';

/** The heading below which the lifecycle pushes. */
const EXPORTING = 'EXPORTING';

/** Makes an image by the lifecycle of Cloud Native Buildpacks, which pushes it too. */
@Injectable()
export class CnbMaker implements Maker<BuildpacksTask> {
  constructor(
    @Inject(BUILD_HOSTS) private readonly hosts: BuildHosts,
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
    private readonly environment: Environment,
  ) {}

  async make(task: BuildpacksTask): Promise<Made> {
    const { place, phase, previousImage } = task;
    const build = await buildpacksBuildOf(this.source, { ...task, onLine: tellingPhase(task) }, 'cnb');
    await phase('building');
    const { CNB_RUN_IMAGE: runImage = null, REGISTRY_PLAIN_HTTP } = this.environment;
    const plainHttp = REGISTRY_PLAIN_HTTP.split(',').flatMap((word) => word.trim() || []);
    return this.hosts.lifecycle(place.host, { ...build, runImage, previousImage, plainHttp });
  }
}

/** Takes lines, and writes down when the lifecycle has come so far that it pushes. */
function tellingPhase({ onLine, phase }: BuildpacksTask): (line: BuildLine) => Promise<void> {
  let told = false;
  return async (line) => {
    await onLine(line);
    if (told || line.step !== EXPORTING) return;
    told = true;
    await phase('pushing');
  };
}
