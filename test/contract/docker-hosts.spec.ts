import { readFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerBuildHosts } from '../../src/adapters/docker/builds/docker-build-hosts.js';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { DockerodeHosts } from '../../src/adapters/docker/dockerode-hosts.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { Host } from '../../src/domain/host/host.js';
import type { ContainerSpec, ContainerUsage } from '../../src/ports/docker-hosts.js';
import { FakeBuildHosts } from '../fakes/fake-build-hosts.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { anImageBuild } from '../support/image-build.js';
import { FakeWorld, type Fate } from '../fakes/fake-world.js';
import { eventually } from '../support/eventually.js';
import { attachToCluster, deadHost, freshName, hostOf, unusedPort, type Cluster } from './cluster.js';
import { contextOf } from './build-hosts.contract.js';
import { COMMANDS, dockerHostsContract, type DockerHostsSetUp } from './docker-hosts.contract.js';

dockerHostsContract('in memory', beginFake);
dockerHostsContract('through dockerode', beginReal);

function fateOf({ command, env }: ContainerSpec): Partial<Fate> {
  if (command === COMMANDS.greets) return { lines: [env['GREETING'] ?? ''] };
  if (command === COMMANDS.ends) return { endsAfter: 0, exitCode: 7, lines: ['last words'] };
  return {};
}

/** One that works uses all that it may. */
function usageOf({ command, resources }: ContainerSpec): ContainerUsage {
  return { cpus: command === COMMANDS.works ? resources.cpus : 0, memoryMb: 1 };
}

async function beginFake(): Promise<DockerHostsSetUp> {
  const world = new FakeWorld();
  Object.assign(world, { fateOf, usageOf });
  const [host, otherHost, gone] = [world.addHost('h1'), world.addHost('h2'), world.addHost('h3')];
  world.cut(gone.name);
  return {
    docker: new FakeDockerHosts(world),
    builds: new FakeBuildHosts(world),
    host,
    otherHost,
    deadHost: gone,
    registry: 'registry:5000',
    busybox: Buffer.from('not a program'),
    addForeign: async (name, hostPort) => {
      world.addForeign(host.name, name);
      if (hostPort !== undefined) world.machine(host.name).foreignPorts.add(hostPort);
    },
    hasForeign: async (name) => world.machine(host.name).containers.has(name),
    withoutRegistry: async (run) => {
      world.registryAnswers = false;
      await run('registry:5000').finally(() => (world.registryAnswers = true));
    },
    close: async () => undefined,
  };
}

/** A container straight through Docker's API, past the adapter. */
async function runForeign(docker: Docker, name: string, change: Docker.ContainerCreateOptions): Promise<void> {
  const container = await docker.createContainer({ name, Image: FOREIGN_IMAGE, Cmd: [...COMMANDS.stays], ...change });
  await container.start();
}

const FOREIGN_IMAGE = 'jockey-contract-foreign:1';
const FOREIGN = { 'io.jockey.contract': 'foreign' };

async function beginReal(): Promise<DockerHostsSetUp> {
  const cluster = await attachToCluster();
  const host = hostOf(cluster, 0);
  const raw = clientOf(host);
  const clients = new DockerClients(undefined);
  const docker = new DockerodeHosts(clients, null);
  const busybox = await readFile('/bin/busybox');
  await makeForeignImage(raw, busybox);
  return {
    docker,
    builds: new DockerBuildHosts(clients, null),
    host,
    otherHost: hostOf(cluster, 1),
    deadHost: await deadHost(),
    registry: cluster.registry,
    busybox,
    addForeign: (name, hostPort) =>
      runForeign(raw, name, {
        Labels: FOREIGN,
        ...(hostPort === undefined ? {} : { ExposedPorts: { '80/tcp': {} } }),
        HostConfig: hostPort === undefined ? {} : { PortBindings: { '80/tcp': [{ HostPort: String(hostPort) }] } },
      }),
    hasForeign: (name) =>
      raw
        .getContainer(name)
        .inspect()
        .then(({ State }) => State.Running),
    withoutRegistry: async (run) => run(`127.0.0.1:${await unusedPort()}`),
    close: () => removeForeign(raw),
  };
}

function clientOf({ dockerUrl }: Host): Docker {
  const { hostname, port } = new URL(dockerUrl);
  return new Docker({ host: hostname, port: Number(port) });
}

async function makeForeignImage(docker: Docker, busybox: Buffer): Promise<void> {
  const stream = await docker.buildImage(contextOf(busybox), { t: FOREIGN_IMAGE });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
  );
}

async function removeForeign(docker: Docker): Promise<void> {
  const filters = { label: Object.entries(FOREIGN).map(([name, value]) => `${name}=${value}`) };
  for (const { Id } of await docker.listContainers({ all: true, filters }))
    await docker.getContainer(Id).remove({ force: true });
}

describe('DockerodeHosts on a real engine', () => {
  const app = freshName('engine');
  const labels = { [LABELS.app]: app };
  const never = new AbortController().signal;
  const clients = new DockerClients(undefined);
  const docker = new DockerodeHosts(clients, null);
  const builds = new DockerBuildHosts(clients, null);
  let cluster: Cluster;
  let host: Host;
  let raw: Docker;
  let busybox: Buffer;
  let image: string;
  let ports = 30_000 + Math.floor(Math.random() * 2_000);

  function aSpec(change: Partial<ContainerSpec> = {}): ContainerSpec {
    const spec = {
      name: freshName(app),
      image,
      command: COMMANDS.stays,
      env: {},
      labels,
      stopGraceSeconds: 3,
      stopSignal: 'SIGTERM',
    };
    const publish = { containerPort: 8888, hostPort: (ports += 1) };
    return { ...spec, resources: { memoryMb: 24, cpus: 0.25 }, publish, ...change };
  }

  beforeAll(async () => {
    cluster = await attachToCluster();
    host = hostOf(cluster, 0);
    raw = clientOf(host);
    busybox = await readFile('/bin/busybox');
    await makeForeignImage(raw, busybox);
    const tag = `${cluster.registry}/${app}:1`;
    const onLine = () => undefined;
    const context = contextOf(busybox);
    await builds.build(host, anImageBuild({ context, tag, labels: { [LABELS.sha]: 'abc' } }));
    image = `${cluster.registry}/${app}@${await builds.push(host, { tag, onLine, signal: never })}`;
  });

  afterAll(async () => {
    for (const { name } of await docker.list(host, labels)) await docker.remove(host, name, 0);
    await removeForeign(raw);
  });

  it('makes the container as it was specified', async () => {
    const spec = aSpec({ env: { A: '1' } });
    await docker.start(host, spec);
    const { HostConfig, Config } = await raw.getContainer(spec.name).inspect();
    expect(Config).toMatchObject({ Image: image, Cmd: COMMANDS.stays, Labels: { ...labels, [LABELS.sha]: 'abc' } });
    expect(Config.Env).toContain('A=1');
    expect(Config).toMatchObject({ StopTimeout: 3 });
    expect(HostConfig).toMatchObject({
      Memory: 24 * 1024 * 1024,
      MemorySwap: 24 * 1024 * 1024,
      NanoCpus: 250_000_000,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      PortBindings: { '8888/tcp': [{ HostIp: '', HostPort: String(spec.publish?.hostPort) }] },
    });
  });

  it('is started again by Docker only after it was said so', async () => {
    const spec = aSpec({});
    await docker.start(host, spec);
    await docker.keepRunning(host, spec.name);
    const { HostConfig } = await raw.getContainer(spec.name).inspect();
    expect(HostConfig.RestartPolicy).toMatchObject({ Name: 'unless-stopped' });
  });

  it("runs the image's own command where none is given", async () => {
    const spec = aSpec({ command: [], publish: null });
    expect((await docker.start(host, spec)).hostPort).toBeNull();
    const { Config } = await raw.getContainer(spec.name).inspect();
    expect(Config.Cmd).toEqual(['/busybox', 'sleep', '600']);
  });

  it('leads the port of the host to the container', async () => {
    const spec = aSpec({ command: ['/busybox', 'httpd', '-f', '-p', '8888', '-h', '/'] });
    await docker.start(host, spec);
    const status = await eventually('the page to answer', () =>
      fetch(`http://${host.address}:${spec.publish?.hostPort}/busybox`).then(
        (answer) => answer.status,
        () => null,
      ),
    );
    expect(status).toBe(200);
  });

  it('answers 200 to `top` of one that runs, and an error for one that does not: what Consul asks', async () => {
    const spec = aSpec({ publish: null });
    const top = async () => (await fetch(`${host.dockerUrl}/containers/${spec.name}/top?ps_args=-opid`)).status;
    expect(await top()).toBe(404);
    await docker.start(host, spec);
    expect(await top()).toBe(200);
    await raw.getContainer(spec.name).stop({ t: 0 });
    expect(await top()).toBeGreaterThanOrEqual(400);
    expect(await docker.inspect(host, spec.name)).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  it('knows of one that ran out of memory', async () => {
    // The shell outlives what is killed by a second: of a container that ends at once, the engine may miss why.
    const greedy = ['/busybox', 'sh', '-c', '/busybox tail /dev/zero; /busybox sleep 1'];
    const spec = aSpec({ command: greedy, publish: null, resources: { memoryMb: 16, cpus: 1 } });
    await docker.start(host, spec);
    await eventually('it to be killed', async () => (await docker.inspect(host, spec.name))?.outOfMemory);
  });

  it('knows how often one was started again', async () => {
    const spec = aSpec({ command: COMMANDS.ends, publish: null });
    expect((await docker.start(host, spec)).restarts).toBe(0);
    await docker.keepRunning(host, spec.name);
    await docker.start(host, spec);
    await eventually('it to be started again', async () => {
      const seen = await docker.inspect(host, spec.name);
      return seen !== null && seen.restarts > 0 && !seen.outOfMemory;
    });
  });

  it('says in plain words that a program on the host holds the port', async () => {
    const spec = aSpec();
    const listener = ['/busybox', 'httpd', '-f', '-p', String(spec.publish?.hostPort), '-h', '/'];
    await runForeign(raw, freshName('program'), {
      Cmd: listener,
      Labels: FOREIGN,
      HostConfig: { NetworkMode: 'host' },
    });
    await expect(docker.start(host, spec)).rejects.toMatchObject({ code: 'conflict' });
    expect(await docker.inspect(host, spec.name)).toBeNull();
  });

  it('gives a stopped container its grace', async () => {
    const patient = [
      '/busybox',
      'sh',
      '-c',
      'trap "echo bye; exit 0" TERM; echo ready; while :; do /busybox sleep 0.1; done',
    ];
    const spec = aSpec({ command: patient, publish: null });
    await docker.start(host, spec);
    await eventually('it to be ready', async () => (await docker.lastLines(host, spec.name, 1))[0] === 'ready');
    const output = raw.getContainer(spec.name).attach({ stream: true, stdout: true, stderr: true });
    const text = output.then((stream) => new Response(ReadableStream.from(stream as AsyncIterable<Uint8Array>)).text());
    await output;
    await docker.remove(host, spec.name, 10);
    expect(await text).toContain('bye');
  });

  it('gives up on an engine that takes the connection and says nothing', async () => {
    const silent = await listen(() => undefined);
    await expect(docker.list({ ...host, dockerUrl: silent.url }, {})).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(`host ${host.name} .*could not list containers: no answer within 10 s`) as string,
    });
    silent.close();
  });

  it('watches again after its connection broke, and misses nothing in between', async () => {
    const proxy = await listen((socket) => forward(socket, host));
    const stop = new AbortController();
    const seen: string[] = [];
    docker.watch({ ...host, dockerUrl: proxy.url }, ({ name, action }) => seen.push(`${name} ${action}`), stop.signal);
    const [first, second] = [aSpec({ publish: null }), aSpec({ publish: null })];
    await eventually('the watch to connect', () => proxy.connections() > 0);
    await docker.start(host, first);
    await eventually('the first start', () => seen.includes(`${first.name} start`));
    proxy.cut();
    await docker.start(host, second);
    await eventually('the second start', () => seen.includes(`${second.name} start`));
    stop.abort();
    await eventually('the watch to disconnect', () => proxy.connections() === 0);
    proxy.close();
  });
});

/** A TCP server that can drop all of its connections at once. */
async function listen(handle: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    cut,
    close: () => {
      cut();
      server.close();
    },
  };
}

function forward(socket: Socket, { dockerUrl }: Host): void {
  const { hostname, port } = new URL(dockerUrl);
  const other = connect(Number(port), hostname).on('error', () => socket.destroy());
  socket.pipe(other).pipe(socket);
  socket.on('close', () => other.destroy());
}
