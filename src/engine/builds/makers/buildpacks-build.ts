import { buildCacheName, buildContainerName } from '../../../domain/build/build-container.js';
import type { BuildpacksBuild } from '../../../ports/build-hosts.js';
import type { SourceCode } from '../../../ports/source-code.js';
import type { BuildpacksTask } from './maker.js';

/** What both kinds of buildpacks are asked: all files of the app's folder, as buildpacks know no `.dockerignore`. */
export async function buildpacksBuildOf(
  source: SourceCode,
  { build, app, builderImage, tag, labels, onLine, signal }: BuildpacksTask,
  method: 'buildstep' | 'cnb',
): Promise<BuildpacksBuild> {
  const selection = { context: app.buildContext, ignore: 'none', dockerfile: null, signal } as const;
  return {
    buildId: build.id,
    containerName: buildContainerName(app.name, build.id),
    builderImage,
    source: await source.archive(app, build.rref, selection),
    cache: { app: app.name, volume: buildCacheName(app.name, method) },
    ...{ tag, labels, onLine, signal },
  };
}
