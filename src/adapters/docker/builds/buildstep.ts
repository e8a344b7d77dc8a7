import type Docker from 'dockerode';
import { parseProcfile } from '../../../domain/build/parse-procfile.js';
import { parseRelease } from '../../../domain/build/parse-release.js';
import type { ProcessType } from '../../../domain/build/process-type.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { BuildpacksBuild, BuildpacksBuilt } from '../../../ports/build-hosts.js';
import { BuilderContainers, type BuilderEnd, type BuilderPlan } from './builder-container.js';
import { fetchBuilderImage, type BuilderImageSource } from './builder-image.js';
import { readContainerFile, smallTar } from './container-files.js';
import { ownedBy } from './tar-owner.js';
import { withCache } from './with-cache.js';

/** The program of the builder image that finds a buildpack and runs it over the source. */
const BUILDER = '/build/builder';

/** The default of images that name several processes. */
const DEFAULT_COMMAND = ['/start', 'web'];

/** Its files belong to root, as the builder runs as root and gives them away by itself. */
const ROOT = { uid: 0, gid: 0 };

/** Builds an image by the classic contract of Buildstep (progrium/buildstep, and Herokuish after it). */
export async function buildWithBuildstep(side: BuilderImageSource, build: BuildpacksBuild): Promise<BuildpacksBuilt> {
  const { reference } = await fetchBuilderImage(side, build.builderImage, build);
  const containers = new BuilderContainers(side.clients, side.host);
  const processTypes = await withCache(
    containers,
    { plan: planOf(build), onLine: build.onLine },
    async (container, plan) => {
      await fill(containers, container, build);
      const end = await containers.run(container, plan, build);
      if (end.exitCode !== 0) throw failureOf(build, end);
      const found = await processesIn(side, container);
      await containers.commit(container, build.tag, {
        Cmd: DEFAULT_COMMAND,
        Entrypoint: [],
        Labels: { ...build.labels },
      });
      return found;
    },
  );
  return { builder: reference, baseImages: [reference], processTypes };
}

function planOf({ containerName, buildId, builderImage, cache }: BuildpacksBuild): BuilderPlan {
  return {
    name: containerName,
    buildId,
    image: builderImage,
    command: [BUILDER],
    env: [],
    user: null,
    cache: { ...cache, path: '/cache' },
    onHostNetwork: false,
  };
}

async function fill(
  containers: BuilderContainers,
  container: Docker.Container,
  { source, signal }: BuildpacksBuild,
): Promise<void> {
  await containers.put(container, { path: '/', tar: smallTar(ROOT, ['app'], {}), signal });
  await containers.put(container, { path: '/app', tar: ownedBy(ROOT, source), signal });
}

/** Those of the Procfile, before those that the buildpack proposes. */
async function processesIn(side: BuilderImageSource, container: Docker.Container): Promise<readonly ProcessType[]> {
  const procfile = await readContainerFile(side, container, '/app/Procfile');
  const release = await readContainerFile(side, container, '/app/.release');
  const own = parseProcfile(procfile ?? '').processTypes;
  const proposed = parseRelease(release ?? '').filter(({ name }) => !own.some((each) => each.name === name));
  return [...own, ...proposed];
}

function failureOf({ builderImage }: BuildpacksBuild, { exitCode, outOfMemory, lastLines }: BuilderEnd): DomainError {
  const why = outOfMemory ? 'the host killed it for the memory that it took' : lastLines.join('; ');
  const said = why === '' ? 'it said nothing' : why;
  return new DomainError(
    'unprocessable_entity',
    `${BUILDER} of ${builderImage} failed (exit code ${exitCode}): ${said}`,
  );
}
