import type Docker from 'dockerode';
import { parse, stringify } from 'smol-toml';
import { readBuilderMetadata, type BuilderMetadata } from '../../../domain/build/builder-metadata.js';
import { lifecycleExit } from '../../../domain/build/lifecycle-exit.js';
import { processesOfMetadata } from '../../../domain/build/processes-of-metadata.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { LifecycleBuild, LifecycleBuilt } from '../../../ports/build-hosts.js';
import type { Credentials } from '../docker-images.js';
import { BuilderContainers, type BuilderEnd, type BuilderPlan } from './builder-container.js';
import { fetchBuilderImage, type BuilderImage, type BuilderImageSource } from './builder-image.js';
import { readContainerFile, smallTar } from './container-files.js';
import { ownedBy, type Owner } from './tar-owner.js';
import { withCache } from './with-cache.js';

/** Folders of a build, as the specification names them where nobody says otherwise. */
const APP = '/workspace';
const LAYERS = '/layers';
const PLATFORM = '/platform';
const CACHE = '/cache';

/** What the builder image says of itself, and what is asked of it. */
interface Lifecycle {
  readonly build: LifecycleBuild;
  readonly image: BuilderImage;
  readonly metadata: BuilderMetadata & { readonly platformApi: string };
  /** Who buildpacks run as. */
  readonly user: Owner;
}

/**
 * Has `creator` build and push an image (https://github.com/buildpacks/spec, platform.md). It runs as root, to read the
 * registry's credentials and to own the cache, and drops to the builder image's user before any buildpack runs.
 */
export async function buildWithLifecycle(side: BuilderImageSource, build: LifecycleBuild): Promise<LifecycleBuilt> {
  const lifecycle = lifecycleOf(build, await fetchBuilderImage(side, build.builderImage, build));
  const containers = new BuilderContainers(side.clients, side.host);
  return withCache(
    containers,
    { plan: planOf(lifecycle, side.credentials), onLine: build.onLine },
    async (container, plan) => {
      await fill(containers, container, lifecycle);
      const end = await containers.run(container, plan, build);
      const failure = failureOf(lifecycle, end);
      if (failure !== null) throw failure;
      return resultOf(lifecycle, (path) => readContainerFile(side, container, path));
    },
  );
}

function lifecycleOf(build: LifecycleBuild, image: BuilderImage): Lifecycle {
  const metadata = readBuilderMetadata(image.labels['io.buildpacks.builder.metadata']);
  const { platformApi } = metadata;
  if (platformApi === null)
    throw refusal(build, 'its lifecycle knows none of the platform APIs 0.6 to 0.13; take a newer builder image');
  const user = { uid: Number(image.env['CNB_USER_ID']), gid: Number(image.env['CNB_GROUP_ID']) };
  if (!Number.isInteger(user.uid) || !Number.isInteger(user.gid))
    throw refusal(
      build,
      'it is no builder image of Cloud Native Buildpacks: it does not set CNB_USER_ID and CNB_GROUP_ID',
    );
  return { build, image, metadata: { ...metadata, platformApi }, user };
}

function planOf(lifecycle: Lifecycle, credentials: Credentials): BuilderPlan {
  const { build, metadata } = lifecycle;
  return {
    name: build.containerName,
    buildId: build.buildId,
    image: build.builderImage,
    command: commandOf(lifecycle),
    env: [
      `CNB_PLATFORM_API=${metadata.platformApi}`,
      ...(build.plainHttp.length === 0 ? [] : [`CNB_INSECURE_REGISTRIES=${build.plainHttp.join(',')}`]),
      ...(credentials === null ? [] : [`CNB_REGISTRY_AUTH=${authOf(credentials)}`]),
    ],
    user: '0:0',
    cache: { ...build.cache, path: CACHE },
    onHostNetwork: /^(localhost|127\.)/.test(build.tag),
  };
}

function commandOf({ build, metadata, user }: Lifecycle): readonly string[] {
  const runImage = build.runImage ?? metadata.runImage;
  return [
    '/cnb/lifecycle/creator',
    ...['-app', APP, '-layers', LAYERS, '-platform', PLATFORM, '-cache-dir', CACHE],
    ...['-report', `${LAYERS}/report.toml`, '-uid', String(user.uid), '-gid', String(user.gid)],
    ...(runImage === null ? [] : ['-run-image', runImage]),
    ...(build.previousImage === null ? [] : ['-previous-image', build.previousImage]),
    build.tag,
  ];
}

/** The value of `Authorization` for each registry; only the one that images are pushed to has one. */
function authOf({ username, password, serveraddress }: NonNullable<Credentials>): string {
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return JSON.stringify({ [serveraddress.split('/')[0] ?? serveraddress]: basic });
}

async function fill(
  containers: BuilderContainers,
  container: Docker.Container,
  { build, user }: Lifecycle,
): Promise<void> {
  const folders = [APP, LAYERS, PLATFORM, `${PLATFORM}/env`].map((path) => path.slice(1));
  const files = { [`${LAYERS.slice(1)}/project-metadata.toml`]: stringify(projectOf(build)) };
  await containers.put(container, { path: '/', tar: smallTar(user, folders, files), signal: build.signal });
  await containers.put(container, { path: APP, tar: ownedBy(user, build.source), signal: build.signal });
}

/** Where the source comes from; the image carries it as its label `io.buildpacks.project.metadata`. */
function projectOf({ labels }: LifecycleBuild) {
  const repository = labels['org.opencontainers.image.source'] ?? '';
  const commit = labels['org.opencontainers.image.revision'] ?? '';
  return { source: { type: 'git', version: { commit }, metadata: { repository } } };
}

function failureOf(
  { build, metadata }: Lifecycle,
  { exitCode, outOfMemory, lastLines }: BuilderEnd,
): DomainError | null {
  const meaning = lifecycleExit(exitCode);
  if (meaning === null) return null;
  const memory = outOfMemory ? ['the host killed it for the memory that it took'] : [];
  const tried = [20, 21].includes(exitCode) ? [`tried: ${metadata.buildpacks.join(', ') || 'not said'}`] : [];
  return refusal(build, [meaning, ...memory, ...tried, ...lastLines].join('; '));
}

async function resultOf(
  { image, metadata, build }: Lifecycle,
  read: (path: string) => Promise<string | null>,
): Promise<LifecycleBuilt> {
  const report = tableOf(await read(`${LAYERS}/report.toml`));
  const { digest } = tableOf(report['image']);
  if (typeof digest !== 'string')
    throw refusal(build, `its lifecycle ended well, but its report does not say the digest of ${build.tag}`);
  const analyzed = tableOf(await read(`${LAYERS}/analyzed.toml`));
  const { reference } = tableOf(analyzed['run-image']);
  const base = typeof reference === 'string' ? reference : (build.runImage ?? metadata.runImage);
  return {
    digest,
    builder: image.reference,
    baseImages: base === null ? [] : [base],
    processTypes: processesOfMetadata(tableOf(await read(`${LAYERS}/config/metadata.toml`))),
  };
}

/** A table of a TOML document, or the document; an empty one where it does not read as such. */
function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  try {
    const table: unknown = typeof value === 'string' ? parse(value) : value;
    return typeof table === 'object' && table !== null ? (table as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function refusal({ builderImage }: LifecycleBuild, words: string): DomainError {
  return new DomainError('unprocessable_entity', `builder image ${builderImage}: ${words}`);
}
