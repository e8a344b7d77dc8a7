import { run } from '../tools/machine/run.js';

/** Milliseconds of `docker build` and of `docker push` by hand. */
export interface ByHand {
  readonly build: number;
  readonly push: number;
}

/** What is built by hand, where, and as what. */
export interface HandBuild {
  /** A `docker` that {@link dockerWithBuildKit} found. */
  readonly docker: string;
  readonly dockerUrl: string;
  readonly folder: string;
  readonly tag: string;
}

/** Builds and pushes as a person would, with the docker program and BuildKit. */
export async function buildByHand({ docker, dockerUrl, folder, tag }: HandBuild): Promise<ByHand> {
  const env = { DOCKER_HOST: dockerUrl.replace(/^http/, 'tcp'), DOCKER_BUILDKIT: '1' };
  const timed = async (...args: readonly string[]) => {
    const begun = performance.now();
    await run(docker, args, { env });
    return performance.now() - begun;
  };
  const build = await timed('build', '--quiet', '--tag', tag, folder);
  return { build, push: await timed('push', '--quiet', tag) };
}

/** The programs that may be there: newer ones need the plugin buildx for BuildKit, older ones have it inside. */
const CANDIDATES = ['docker', '/usr/bin/docker'];
const NEEDS_BUILDX = 23;

/** The first docker program that can build with BuildKit. Throws where there is none. */
export async function dockerWithBuildKit(): Promise<string> {
  for (const docker of CANDIDATES) if (await hasBuildKit(docker)) return docker;
  throw new Error('no docker program here builds with BuildKit: install docker.io, or the plugin buildx');
}

async function hasBuildKit(docker: string): Promise<boolean> {
  const version = /version (\d+)\./.exec(await run(docker, ['--version']).catch(() => ''))?.[1];
  if (version === undefined) return false;
  if (Number(version) < NEEDS_BUILDX) return true;
  return run(docker, ['buildx', 'version']).then(
    () => true,
    () => false,
  );
}
