import { readdir, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerBuildHosts } from '../../src/adapters/docker/builds/docker-build-hosts.js';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import type { BuildLine } from '../../src/domain/build/build-line.js';
import type { Host } from '../../src/domain/host/host.js';
import type { ImageBuild } from '../../src/ports/build-hosts.js';
import { FakeBuildHosts } from '../fakes/fake-build-hosts.js';
import { FakeWorld, type BuildFate } from '../fakes/fake-world.js';
import { eventually } from '../support/eventually.js';
import { anImageBuild } from '../support/image-build.js';
import { TcpGate } from '../support/tcp-gate.js';
import { buildHostsContract, contextOf, DOCKERFILES, type BuildHostsSetUp } from './build-hosts.contract.js';
import { attachToCluster, deadHost, freshName, hostOf, unusedPort, type Cluster } from './cluster.js';

buildHostsContract('in memory', beginFake);
buildHostsContract('through BuildKit', beginReal);

const never = new AbortController().signal;

function buildFateOf({ dockerfile }: { readonly dockerfile: string }): BuildFate {
  const text = (DOCKERFILES as Readonly<Record<string, string>>)[dockerfile];
  if (text === undefined) return { lines: [], failure: `Cannot locate specified Dockerfile: ${dockerfile}` };
  const steps = text
    .trim()
    .split('\n')
    .filter((step) => /^(COPY|RUN)/.test(step));
  const lines = steps.map((step, index) => `[${index + 1}/${steps.length}] ${step}`);
  if (dockerfile === 'Slow') return { lines: [...lines, 'it began', 'it ended'], failure: null };
  if (dockerfile === 'Dockerfile') return { lines, failure: null };
  const failure = `step 2 of 2 failed with exit code 7: ${steps[1]}; its last lines: about to fail`;
  return { lines: [...lines, 'about to fail'], failure };
}

async function beginFake(): Promise<BuildHostsSetUp> {
  const world = new FakeWorld();
  Object.assign(world, { buildFateOf });
  const [host, gone] = [world.addHost('h1'), world.addHost('h2')];
  world.cut(gone.name);
  return {
    builds: new FakeBuildHosts(world),
    host,
    deadHost: gone,
    registry: 'registry:5000',
    busybox: Buffer.from('not a program'),
    hasImage: async (image) => world.machine(host.name).images.has(image),
    withoutRegistry: async (run) => {
      world.registryAnswers = false;
      await run('registry:5000').finally(() => (world.registryAnswers = true));
    },
    close: async () => undefined,
  };
}

async function beginReal(): Promise<BuildHostsSetUp> {
  const cluster = await attachToCluster();
  const host = hostOf(cluster, 0);
  const raw = clientOf(host);
  return {
    builds: new DockerBuildHosts(new DockerClients(undefined), null),
    host,
    deadHost: await deadHost(),
    registry: cluster.registry,
    busybox: await readFile('/bin/busybox'),
    hasImage: (image) => hasImage(raw, image),
    withoutRegistry: async (run) => {
      const registry = `127.0.0.1:${await unusedPort()}`;
      await run(registry).finally(() => removeImages(raw, registry));
    },
    close: (prefix) => removeImages(raw, prefix),
  };
}

function clientOf({ dockerUrl }: Host): Docker {
  const { hostname, port } = new URL(dockerUrl);
  return new Docker({ host: hostname, port: Number(port) });
}

async function hasImage(docker: Docker, image: string): Promise<boolean> {
  return docker
    .getImage(image)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

async function removeImages(docker: Docker, prefix: string): Promise<void> {
  for (const { RepoTags } of await docker.listImages())
    for (const tag of RepoTags ?? []) if (tag.startsWith(prefix)) await docker.getImage(tag).remove({ force: true });
}

describe('DockerBuildHosts on a real engine', () => {
  const app = freshName('b1');
  let cluster: Cluster;
  let host: Host;
  let raw: Docker;
  let busybox: Buffer;
  let builds: DockerBuildHosts;
  let lines: BuildLine[];
  const texts = () => lines.map(({ text }) => text);

  beforeAll(async () => {
    cluster = await attachToCluster();
    host = hostOf(cluster, 0);
    raw = clientOf(host);
    busybox = await readFile('/bin/busybox');
    builds = new DockerBuildHosts(new DockerClients(undefined), null);
  });

  afterAll(() => removeImages(raw, `${cluster.registry}/${app}`));

  /** What builds a Dockerfile of these lines; `/busybox sh -c` runs its commands. */
  function aBuild(name: string, dockerfile: readonly string[], change: Partial<ImageBuild> = {}): ImageBuild {
    lines = [];
    return anImageBuild({
      buildId: name,
      context: contextOf(busybox, { Own: `${dockerfile.join('\n')}\n` }),
      dockerfile: 'Own',
      tag: `${cluster.registry}/${app}:${name}`,
      onLine: (line) => void lines.push(line),
      ...change,
    });
  }

  it('says of each line which step it belongs to and where it was printed, and when a step began and ended', async () => {
    const script = `echo out ${app}; echo err >&2; printf 'no newline'`;
    const dockerfile = ['FROM scratch', 'COPY busybox /busybox', `RUN ${run(script)}`];
    await builds.build(host, aBuild('lines', dockerfile));
    const step = `[2/2] RUN ${run(script)}`;
    expect(lines).toContainEqual({ text: `out ${app}`, stream: 'stdout', step });
    expect(lines).toContainEqual({ text: 'err', stream: 'stderr', step });
    expect(lines).toContainEqual({ text: 'no newline', stream: 'stdout', step });
    const own = lines.filter((line) => line.step === step).map(({ text }) => text);
    expect(own[0]).toBe(step);
    expect(own.at(-1)).toMatch(/^\[2\/2\] done in \d+\.\d s$/);

    await builds.build(host, aBuild('lines', dockerfile));
    expect(texts()).toContain(`${step}: CACHED`);
    expect(texts()).not.toContain(`out ${app}`);
  });

  it('names step 7 of 9 when that breaks, with the end of what it printed', async () => {
    const steps = Array.from({ length: 9 }, (_, index) => `RUN ${run(index === 5 ? BREAKS : `echo ${index} ${app}`)}`);
    const dockerfile = ['FROM scratch', 'COPY busybox /busybox', ...steps.slice(0, 8)];
    const built = builds.build(host, aBuild('seventh', dockerfile));
    await expect(built).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(
        /^step 7 of 9 failed with exit code 3: RUN .*; its last lines: line 6 \/ line 7 \/ line 8 \/ line 9 \/ no such thing$/,
      ) as string,
    });
    expect(texts().filter((text) => text.startsWith('line '))).toHaveLength(9);
  });

  it('names the file that a step wants and the context does not have', async () => {
    const built = builds.build(host, aBuild('nofile', ['FROM scratch', 'COPY nothing-of-it /x']));
    await expect(built).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(
        /^step 1 of 1 failed: COPY nothing-of-it \/x: .*nothing-of-it.*not found/,
      ) as string,
    });
  });

  it("hands on BuildKit's words for a Dockerfile that it cannot read, without its prefaces", async () => {
    const built = builds.build(host, aBuild('unread', ['FROM scratch', 'FETCH it']));
    await expect(built).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(
        /could not build .*: dockerfile parse error .*unknown instruction: FETCH/,
      ) as string,
    });
  });

  it('names the base image that cannot be had', async () => {
    const absent = `127.0.0.1:${await unusedPort()}/absent:1`;
    await expect(builds.build(host, aBuild('nobase', [`FROM ${absent}`]))).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(new RegExp(`^the base image ${absent} cannot be had: .*refused`)) as string,
    });
  });

  it('builds the stage that is asked for, with arguments and labels', async () => {
    const dockerfile = [
      ...['FROM scratch AS first', 'ARG WORD=none', 'COPY busybox /busybox', `RUN ${run(`echo $WORD ${app}`)}`],
      ...['FROM first AS second', `RUN ${run('echo never')}`],
    ];
    const change = { target: 'first', args: { WORD: 'given & "quoted"' }, labels: { 'io.example': 'a=b c' } };
    const build = aBuild('staged', dockerfile, change);
    await builds.build(host, build);
    expect(texts()).toContain(`given & "quoted" ${app}`);
    expect(texts()).not.toContain('never');
    expect((await raw.getImage(build.tag).inspect()).Config.Labels).toEqual({ 'io.example': 'a=b c' });
  });

  it('gives secrets to the mounts that name them, and leaves nothing of them in the image', async () => {
    const show = run(`echo length $(wc -c < /run/secrets/token) ${app}; test -e /run/secrets/other || echo no other`);
    const dockerfile = [
      ...['FROM scratch', 'COPY busybox /busybox'],
      `RUN --mount=type=secret,id=token,required=true --mount=type=secret,id=other ${show}`,
    ];
    const token = `s3cret-${app}`;
    const build = aBuild('secret', dockerfile, { secrets: { token } });
    await builds.build(host, build);
    expect(texts()).toContain(`length ${token.length} ${app}`);
    expect(texts()).toContain('no other');
    const history = (await raw.getImage(build.tag).history()) as unknown;
    expect(JSON.stringify([history, await raw.getImage(build.tag).inspect()])).not.toContain(token);
    const archive = await buffer(await raw.getImage(build.tag).get());
    expect(archive.includes(token)).toBe(false);
  });

  it('gives secrets to a step that comes late too', async () => {
    const dockerfile = [
      ...['FROM scratch', 'COPY busybox /busybox', `RUN ${run(`sleep 4; echo ${app}`)}`],
      `RUN --mount=type=secret,id=token,required=true ${run('echo late $(cat /run/secrets/token | wc -c)')}`,
    ];
    await builds.build(host, aBuild('late', dockerfile, { secrets: { token: 'sesame' } }));
    expect(texts()).toContain('late 6');
  });

  it('says which secret a build wants and the app does not have', async () => {
    const mount = `RUN --mount=type=secret,id=absent,required=true ${run(`echo ${app}`)}`;
    const build = aBuild('nosecret', ['FROM scratch', 'COPY busybox /busybox', mount], { secrets: { other: 'x' } });
    await expect(builds.build(host, build)).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(/^step 2 of 2 failed: .*secret absent: not found|absent.*not found/) as string,
    });
  });

  it('names what an image stands on by its digest', async () => {
    const base = aBuild('base', ['FROM scratch', 'COPY busybox /busybox', `LABEL base=${app}`]);
    expect(await builds.build(host, base)).toEqual({ baseImages: [] });
    const upper = () => aBuild('upper', [`FROM ${base.tag}`, `LABEL upper=${app}`]);
    expect(await builds.build(host, upper())).toEqual({ baseImages: [base.tag] });
    const digest = await builds.push(host, { tag: base.tag, onLine: () => undefined, signal: never });
    const expected = { baseImages: [`${cluster.registry}/${app}@${digest}`] };
    expect(await builds.build(host, upper())).toEqual(expected);
  });

  it('uses layers of the images that it is told of, and does not mind one that is not there', async () => {
    const dockerfile = ['FROM scratch', 'COPY busybox /busybox', `RUN ${run(`echo once ${app}`)}`];
    const first = aBuild('cache', dockerfile);
    await builds.build(host, first);
    await builds.build(
      host,
      aBuild('cached', dockerfile, { cacheFrom: [first.tag, `${cluster.registry}/${app}:absent`] }),
    );
    expect(texts().some((text) => /^\[2\/2\] RUN .*: CACHED$/.test(text))).toBe(true);
    expect(texts().some((text) => text.startsWith(`nothing of ${cluster.registry}/${app}:absent can be used`))).toBe(
      true,
    );
  });

  it('has killed what ran when a stopped build comes back, and can build it again at once', async () => {
    const marker = `marker-${app}`;
    const dockerfile = ['FROM scratch', 'COPY busybox /busybox', `RUN ${run(`echo it began; sleep 600; : ${marker}`)}`];
    const stop = new AbortController();
    const build = aBuild('stopped', dockerfile, { signal: stop.signal });
    const built = builds.build(host, build);
    built.catch(() => undefined);
    await eventually('the step to run', async () => texts().includes('it began') && (await isRunning(marker)));
    stop.abort(new Error('canceled'));
    await expect(built).rejects.toMatchObject({ message: `stopped on host ${host.name}: canceled` });
    expect(await isRunning(marker)).toBe(false);
    await builds.build(host, aBuild('stopped', [...dockerfile.slice(0, 2), `RUN ${run(`echo again ${app}`)}`]));
    expect(texts()).toContain(`again ${app}`);
  });

  it('does not begin what is stopped already', async () => {
    const build = aBuild('early', ['FROM scratch'], { signal: AbortSignal.abort(new Error('too late')) });
    await expect(builds.build(host, build)).rejects.toMatchObject({
      message: `stopped on host ${host.name}: too late`,
    });
    expect(lines).toEqual([]);
  });

  it('ends what an earlier try of the same build left running', async () => {
    const marker = `left-${app}`;
    const dockerfile = ['FROM scratch', 'COPY busybox /busybox', `RUN ${run(`echo it began; sleep 600; : ${marker}`)}`];
    const left = builds.build(host, aBuild('left', dockerfile));
    left.catch(() => undefined);
    await eventually('the step to run', async () => texts().includes('it began') && (await isRunning(marker)));
    await builds.build(host, aBuild('left', ['FROM scratch', 'COPY busybox /busybox']));
    await expect(left).rejects.toMatchObject({ code: 'unprocessable_entity' });
    expect(await isRunning(marker)).toBe(false);
  });

  it('says that the connection was lost when the host vanishes while it builds, and leaves nothing running', async () => {
    const marker = `lost-${app}`;
    const { hostname, port } = new URL(host.dockerUrl);
    const gate = new TcpGate({ host: hostname, port: Number(port) });
    const dockerUrl = `http://127.0.0.1:${await gate.open()}`;
    const dockerfile = ['FROM scratch', 'COPY busybox /busybox', `RUN ${run(`echo it began; sleep 600; : ${marker}`)}`];
    const built = builds.build({ ...host, dockerUrl }, aBuild('vanished', dockerfile));
    built.catch(() => undefined);
    await eventually('the step to run', async () => texts().includes('it began') && (await isRunning(marker)));
    await gate.shut();
    await expect(built).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`the connection to host ${host.name} was lost`) as string,
    });
    await eventually('the host to end it', async () => !(await isRunning(marker)));
  });
});

/** Prints nine lines and one more to the other stream, and fails. */
const BREAKS = 'for i in 1 2 3 4 5 6 7 8 9; do echo line $i; done; sleep 0.3; echo no such thing >&2; exit 3';

/** A command in the form that needs no shell of the image's own. */
function run(script: string): string {
  return JSON.stringify(['/busybox', 'sh', '-c', script]);
}

/** Whether a process of the hosts, which share this machine's process table, has this word in its command line. */
async function isRunning(word: string): Promise<boolean> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return commands.some((command) => command.includes(word));
}
