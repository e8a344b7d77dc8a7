import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerBuildHosts } from '../../src/adapters/docker/builds/docker-build-hosts.js';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { BUILD_CACHE_LABEL } from '../../src/domain/build/build-container.js';
import type { BuildLine } from '../../src/domain/build/build-line.js';
import { launchCommand } from '../../src/domain/build/launch-command.js';
import type { Host } from '../../src/domain/host/host.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { BuildpacksBuild, LifecycleBuild } from '../../src/ports/build-hosts.js';
import {
  BUILDSTEP_BUILDER,
  cnbBuilder,
  importImage,
  NO_BUILDER,
  RUN_IMAGE,
  sourceOf,
} from '../support/builder-images.js';
import { eventually } from '../support/eventually.js';
import { attachToCluster, freshName, hostOf } from './cluster.js';

/** An app that says what it was started as, and with what. */
const APP = '#!/bin/sh\necho "this is $1 in $(pwd), $# words"\n';

const app = freshName('buildpacks');
const builds = new DockerBuildHosts(new DockerClients(undefined), null);
let host: Host;
let raw: Docker;
let registry: string;
let buildstepImage: string;
let cnbImage: string;
let runImage: string;
let count = 0;

beforeAll(async () => {
  const cluster = await attachToCluster();
  host = hostOf(cluster, 0);
  registry = cluster.registry;
  const { hostname, port } = new URL(host.dockerUrl);
  raw = new Docker({ host: hostname, port: Number(port) });
  [buildstepImage, cnbImage, runImage] = [
    `${registry}/${app}-buildstep:1`,
    `${registry}/${app}-cnb:1`,
    `${registry}/${app}-run:1`,
  ];
  await publish(buildstepImage, BUILDSTEP_BUILDER);
  await publish(runImage, RUN_IMAGE);
  await publish(cnbImage, cnbBuilder(runImage));
});

afterAll(async () => {
  for (const { Id } of await raw.listContainers({ all: true, filters: { label: [`${LABELS.build}=${app}`] } }))
    await raw.getContainer(Id).remove({ force: true });
  for (const { RepoTags, RepoDigests, Id } of await raw.listImages({}))
    if ([...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => name.includes(app)))
      await raw.getImage(Id).remove({ force: true });
  for (const { Name } of (await raw.listVolumes()).Volumes)
    if (Name.includes(app)) await raw.getVolume(Name).remove({ force: true });
});

async function publish(image: string, root: Parameters<typeof importImage>[2]): Promise<void> {
  await importImage(raw, image, root);
  await builds.push(host, { tag: image, onLine: () => undefined, signal: new AbortController().signal });
}

/** A build, and what it printed. */
interface Trial<T> {
  readonly build: T;
  readonly lines: BuildLine[];
  readonly texts: () => string[];
}

function trial(files: Readonly<Record<string, string>>, change: Partial<BuildpacksBuild> = {}): Trial<BuildpacksBuild> {
  count += 1;
  const lines: BuildLine[] = [];
  const build = {
    buildId: app,
    containerName: `${app}-build-${count}`,
    builderImage: buildstepImage,
    source: sourceOf(files),
    cache: { app, volume: `jockey-cache-${app}-${count}` },
    tag: `${registry}/${app}:${count}`,
    labels: { 'org.opencontainers.image.revision': 'c0ffee', [LABELS.sha]: 'c0ffee' },
    onLine: (line: BuildLine) => void lines.push(line),
    signal: new AbortController().signal,
    ...change,
  };
  return { build, lines, texts: () => lines.map(({ text }) => text) };
}

function cnbTrial(
  files: Readonly<Record<string, string>>,
  change: Partial<LifecycleBuild> = {},
): Trial<LifecycleBuild> {
  const { build, ...rest } = trial(files, change);
  const more = { builderImage: cnbImage, runImage: null, previousImage: null, plainHttp: [registry] };
  return { build: { ...build, ...more, ...change }, ...rest };
}

const sentence = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'it did not fail',
    (error: Error) => error.message,
  );

const containers = async () => {
  const list = await raw.listContainers({ all: true, filters: { label: [`${LABELS.build}=${app}`] } });
  return list.flatMap(({ Names }) => Names);
};

/** What a container of an image prints, started as a worker's container is. */
async function printed(image: string, command: readonly string[], method: 'buildstep' | 'cnb'): Promise<string> {
  const { entrypoint, command: Cmd } = launchCommand(method, command);
  const Entrypoint = entrypoint === null ? {} : { Entrypoint: [...entrypoint] };
  const container = await raw.createContainer({
    Image: image,
    ...Entrypoint,
    ...(Cmd.length === 0 ? {} : { Cmd: [...Cmd] }),
  });
  try {
    await container.start();
    await container.wait();
    const output = await container.logs({ stdout: true, stderr: true, follow: false });
    return output.toString('utf8').replaceAll(/[\0-\x08]/g, '');
  } finally {
    await container.remove({ force: true });
  }
}

describe('Buildstep on a real engine', () => {
  it('makes an image whose processes are those of the Procfile and of the buildpack', async () => {
    const { build, lines } = trial({ 'app.sh': APP, Procfile: 'worker: bin/serve worker\n' });
    const built = await builds.buildstep(host, build);
    expect(built.processTypes).toEqual([
      { name: 'worker', command: 'bin/serve worker' },
      { name: 'web', command: 'bin/serve web' },
      { name: 'console', command: 'sh' },
    ]);
    expect(built.builder).toMatch(new RegExp(`^${registry}/${app}-buildstep@sha256:[0-9a-f]{64}$`));
    // Docker carries the two streams side by side, so the heading may come after what was written to the other.
    expect(lines).toContainEqual(
      expect.objectContaining({ text: '       a warning of the compiler', stream: 'stderr' }),
    );
    expect(lines).toContainEqual({ text: '       done', stream: 'stdout', step: 'Compiling' });
    expect(await printed(build.tag, [], 'buildstep')).toContain('this is web in /app, 1 words');
    expect(await printed(build.tag, ['/start', 'worker'], 'buildstep')).toContain('this is worker in /app');
    expect(await containers()).toEqual([]);
  });

  it('labels the image, gives no builder any variable, and pushes as any image', async () => {
    const { build, texts } = trial({ 'app.sh': APP });
    await builds.buildstep(host, build);
    const { Config } = await raw.getImage(build.tag).inspect();
    expect(Config.Labels).toMatchObject(build.labels);
    expect(texts().find((text) => text.includes('variables:'))).toMatch(/variables: HOME HOSTNAME PATH PWD SHLVL $/);
    expect(await builds.push(host, build)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('finds the cache of the build before, one for each app', async () => {
    const cache = { app, volume: `jockey-cache-${app}-shared` };
    await builds.buildstep(host, trial({ 'app.sh': APP }, { cache }).build);
    const { build, texts } = trial({ 'app.sh': APP }, { cache });
    await builds.buildstep(host, build);
    expect(texts()).toContain('       cache of build 1 found');
    const { Labels } = await raw.getVolume(cache.volume).inspect();
    expect(Labels).toEqual({ [BUILD_CACHE_LABEL]: app });
  });

  it('goes without the cache while another build has it', async () => {
    const cache = { app, volume: `jockey-cache-${app}-taken` };
    const stop = new AbortController();
    const hanging = trial({ 'app.sh': APP, hang: '' }, { cache, signal: stop.signal });
    const hangs = sentence(builds.buildstep(host, hanging.build));
    await eventually('the first build to hang', async () => hanging.texts().includes('       it hangs'));
    const { build, texts } = trial({ 'app.sh': APP }, { cache });
    await builds.buildstep(host, build);
    expect(texts().join('\n')).toContain('another build uses the cache');
    expect(texts().join('\n')).not.toContain('found');
    stop.abort(new Error('enough'));
    expect(await hangs).toContain('enough');
  });

  it('lists what was tried where no buildpack takes the app', async () => {
    const words = await sentence(builds.buildstep(host, trial({ 'README.md': 'x' }).build));
    expect(words).toContain('exit code 1');
    expect(words).toContain('tried: 01_text 02_shell');
    expect(await containers()).toEqual([]);
  });

  it('shows the last lines of what broke', async () => {
    const words = await sentence(builds.buildstep(host, trial({ 'app.sh': APP, break: '' }).build));
    expect(words).toContain('exit code 9');
    expect(words).toContain('app.sh:7: it cannot be compiled');
  });

  it('ends and removes the container when it is stopped, which is proven when it rejects', async () => {
    const stop = new AbortController();
    const { build, texts } = trial({ 'app.sh': APP, hang: '' }, { signal: stop.signal });
    const work = sentence(builds.buildstep(host, build));
    await eventually('the build to hang', async () => texts().includes('       it hangs'));
    expect(await containers()).toHaveLength(1);
    stop.abort(new Error('canceled by a test'));
    expect(await work).toContain('canceled by a test');
    expect(await containers()).toEqual([]);
  });

  it('takes over from a try that died: its container is removed by its name', async () => {
    const { build } = trial({ 'app.sh': APP });
    const left = { name: build.containerName, Image: buildstepImage, Entrypoint: ['/bin/sleep', '600'] };
    await (await raw.createContainer({ ...left, Labels: { [LABELS.build]: app } })).start();
    await builds.buildstep(host, build);
    await (await raw.createContainer({ ...left, Labels: { [LABELS.build]: app } })).start();
    await builds.removeContainer(host, build.containerName);
    await builds.removeContainer(host, build.containerName);
    expect(await containers()).toEqual([]);
  });

  it('leaves a container alone that is no build', async () => {
    const { build } = trial({ 'app.sh': APP });
    const foreign = await raw.createContainer({ name: build.containerName, Image: buildstepImage });
    expect(await sentence(builds.buildstep(host, build))).toContain('left alone');
    await foreign.remove();
  });

  it('says that a builder image cannot be had', async () => {
    const builderImage = `${registry}/${app}-nobody:1`;
    const words = await sentence(builds.buildstep(host, trial({ 'app.sh': APP }, { builderImage }).build));
    expect(words).toContain(`the builder image ${builderImage} cannot be had on host ${host.name}`);
  });

  it('says that an image is no builder', async () => {
    const builderImage = `${registry}/${app}-plain:1`;
    await importImage(raw, builderImage, NO_BUILDER);
    const { build, texts } = trial({ 'app.sh': APP }, { builderImage });
    expect(await sentence(builds.buildstep(host, build))).toContain('has no program /build/builder that can be run');
    expect(texts().join()).toContain("so the host's own is used");
    expect(await containers()).toEqual([]);
  });

  it('takes 100 MB without a newline in bounded pieces, at the pace of whoever takes the lines', async () => {
    let [bytes, longest, atOnce, most] = [0, 0, 0, 0];
    const onLine = async ({ text }: BuildLine) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      [bytes, longest] = [bytes + text.length, Math.max(longest, text.length)];
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
    };
    await builds.buildstep(host, trial({ 'app.sh': APP, flood: '' }, { onLine }).build);
    expect(bytes).toBeGreaterThanOrEqual(100 * 1024 * 1024);
    expect([longest, most]).toEqual([16_384, 1]);
  });

  it('fails with the words of a source that breaks off', async () => {
    const source = sourceOf({ 'app.sh': APP });
    source.once('readable', () => source.destroy(new Error('the archive broke off')));
    expect(await sentence(builds.buildstep(host, trial({}, { source }).build))).toContain('the archive broke off');
    expect(await containers()).toEqual([]);
  });
});

describe('Cloud Native Buildpacks on a real engine, with a stand-in for the lifecycle', () => {
  const find = (texts: () => string[], part: string) => texts().find((text) => text.includes(part)) ?? '';

  it('has the lifecycle build and push, and reads digest, run image and processes from what it wrote', async () => {
    const { build, lines } = cnbTrial({ 'app.sh': APP });
    const built = await builds.lifecycle(host, build);
    expect(built.processTypes.map(({ name }) => name)).toEqual(['web', 'worker']);
    expect(built.processTypes[0]?.command).toMatch(/\/serve web$/);
    expect(built.builder).toMatch(new RegExp(`^${registry}/${app}-cnb@sha256:[0-9a-f]{64}$`));
    expect(built.baseImages).toEqual([
      expect.stringMatching(new RegExp(`^${registry}/${app}-run@sha256:[0-9a-f]{64}$`)),
    ]);
    expect(lines.find(({ text }) => text.includes('running as'))).toMatchObject({ step: 'BUILDING', stream: 'stdout' });
    const image = `${registry}/${app}@${built.digest}`;
    await buffer((await raw.pull(image)) as unknown as AsyncIterable<Buffer>);
    expect(await printed(image, ['/start', 'web'], 'cnb')).toContain('this is web in /workspace, 1 words');
    expect(await printed(image, ['/start', 'worker', 'more'], 'cnb')).toContain(
      'this is worker in /workspace, 2 words',
    );
    expect(await printed(image, [], 'cnb')).toContain('this is web');
    expect(await printed(image, ['serve', 'a b', '$HOME'], 'cnb')).toContain('this is a b in /workspace, 2 words');
    const { Config } = await raw.getImage(image).inspect();
    expect(Config.Labels['io.buildpacks.project.metadata']).toContain('c0ffee');
    expect(await containers()).toEqual([]);
  });

  it("runs buildpacks as the builder image's user, over a source of theirs, without variables or credentials", async () => {
    const private_ = { username: 'jockey', password: 'not-for-buildpacks', serveraddress: registry };
    const { build, texts } = cnbTrial({ 'app.sh': APP });
    await new DockerBuildHosts(new DockerClients(undefined), private_).lifecycle(host, build);
    expect(find(texts, 'running as')).toContain('running as 1000:1001, the source belongs to 1000:1001');
    expect(find(texts, 'variables:')).not.toMatch(/REGISTRY|DATABASE|SECRET|PLATFORM_API/);
    expect(texts().join('\n')).not.toContain('not-for-buildpacks');
  });

  it('gives layers back to the next build through the cache, and names the image before', async () => {
    const cache = { app, volume: `jockey-cache-${app}-layers` };
    const { digest } = await builds.lifecycle(host, cnbTrial({ 'app.sh': APP }, { cache }).build);
    const previousImage = `${registry}/${app}@${digest}`;
    const { build, texts } = cnbTrial({ 'app.sh': APP }, { cache, previousImage });
    await builds.lifecycle(host, build);
    expect(texts()).toContain('       layer of build 1 found');
    expect(texts()).toContain(`previous image: ${previousImage}`);
  });

  it('says that no buildpack recognises the app, and lists what was tried', async () => {
    const words = await sentence(builds.lifecycle(host, cnbTrial({ 'README.md': 'x' }).build));
    expect(words).toContain('no buildpack of the builder image recognises the app (exit code 20)');
    expect(words).toContain('tried: jockey_shell@1.0');
    const broken = await sentence(builds.lifecycle(host, cnbTrial({ 'detect-breaks': '' }).build));
    expect(broken).toContain('at least one broke while it looked (exit code 21)');
  });

  it('says that a buildpack failed, with its last lines', async () => {
    const words = await sentence(builds.lifecycle(host, cnbTrial({ 'app.sh': APP, break: '' }).build));
    expect(words).toContain('a buildpack failed to build the app (exit code 51)');
    expect(words).toContain('app.sh:7: it cannot be built');
    expect(await containers()).toEqual([]);
  });

  it("takes the operator's run image before the builder image's, and says when it cannot be read", async () => {
    const gone = `${registry}/${app}-nobody:1`;
    const words = await sentence(builds.lifecycle(host, cnbTrial({ 'app.sh': APP }, { runImage: gone }).build));
    expect(words).toContain('could not look at the registry');
    expect(words).toContain(`run image ${gone} cannot be read`);
  });

  it('refuses what is no builder image, and one whose lifecycle is too old, before anything is run', async () => {
    const plain = await sentence(builds.lifecycle(host, cnbTrial({}, { builderImage: buildstepImage }).build));
    expect(plain).toContain('it does not set CNB_USER_ID and CNB_GROUP_ID');
    const old = `${registry}/${app}-old:1`;
    await importImage(raw, old, cnbBuilder(runImage, ['0.3', '0.4']));
    expect(await sentence(builds.lifecycle(host, cnbTrial({}, { builderImage: old }).build))).toContain(
      'none of the platform APIs',
    );
    const unready = `${registry}/${app}-unready:1`;
    await importImage(raw, unready, cnbBuilder(runImage, ['0.8']));
    expect(await sentence(builds.lifecycle(host, cnbTrial({}, { builderImage: unready }).build))).toContain(
      '(exit code 11)',
    );
  });

  it('says that the registry does not take the image', async () => {
    const words = await sentence(builds.lifecycle(host, cnbTrial({ 'app.sh': APP }, { plainHttp: [] }).build));
    expect(words).toContain(`registry ${registry} wants TLS`);
  });
});
