import { randomBytes } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { DockerImages } from '../../src/adapters/docker/docker-images.js';
import { DiskProbe } from '../../src/adapters/docker/images/disk-probe.js';
import { DockerHostImages } from '../../src/adapters/docker/images/docker-host-images.js';
import type { Host } from '../../src/domain/host/host.js';
import { FakeHostImages } from '../fakes/fake-host-images.js';
import { FakeWorld } from '../fakes/fake-world.js';
import { attachToCluster, deadHost, freshName, hostOf } from './cluster.js';
import { hostImagesContract, type HostImagesSetUp } from './host-images.contract.js';

hostImagesContract('in memory', beginFake);
hostImagesContract('through dockerode', beginReal);

async function beginFake(): Promise<HostImagesSetUp> {
  const world = new FakeWorld();
  const [host, gone] = [world.addHost('h1'), world.addHost('h2')];
  world.cut(gone.name);
  const images = new FakeHostImages(world);
  return {
    ...{ images, host, buildHost: host, deadHost: gone },
    put: async (names, labels) => {
      const [first = ''] = names;
      for (const name of names) {
        world.machine(host.name).images.add(name);
        images.isSameAs(name, first);
        images.labels.set(name, labels);
      }
    },
    use: async (name) => {
      world.addForeign(host.name, freshName('user'));
      const container = [...world.machine(host.name).containers.values()].at(-1);
      if (container !== undefined) world.put(host.name, { ...container.spec, image: name });
    },
    fillCache: async (bytes) => void (images.disk(host.name).cacheBytes += bytes),
    close: async () => undefined,
  };
}

function clientOf({ dockerUrl }: Host): Docker {
  const { hostname, port } = new URL(dockerUrl);
  return new Docker({ host: hostname, port: Number(port) });
}

/** Builds straight through Docker's API, past the adapters. */
async function build(docker: Docker, files: Readonly<Record<string, Buffer | string>>, options: object): Promise<void> {
  const context = pack();
  for (const [name, content] of Object.entries(files)) context.entry({ name, mode: 0o755 }, content);
  context.finalize();
  const stream = await docker.buildImage(Readable.from(context), { rm: true, forcerm: true, ...options });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
  );
}

/** What all that the suite makes carries, so that it finds it again. */
const OURS = 'io.jockey.test-of-images';

async function removeAll(docker: Docker): Promise<void> {
  const filters = { label: [OURS] };
  for (const { Id } of await docker.listContainers({ all: true, filters }))
    await docker.getContainer(Id).remove({ force: true });
  for (const { Id } of await docker.listImages({ filters })) await docker.getImage(Id).remove({ force: true });
}

async function beginReal(): Promise<HostImagesSetUp> {
  const cluster = await attachToCluster();
  const [host, buildHost] = [hostOf(cluster, 0), hostOf(cluster, 2)];
  const [raw, builder] = [clientOf(host), clientOf(buildHost)];
  return {
    ...{
      images: new DockerHostImages(new DockerClients(undefined), null),
      host,
      buildHost,
      deadHost: await deadHost(),
    },
    put: async (names, labels) => {
      const files = { Dockerfile: 'FROM scratch\nCOPY content /\nCMD ["/content"]\n', content: randomBytes(64) };
      await build(raw, files, { t: names[0], labels: { ...labels, [OURS]: '1' } });
      const tags = names.slice(1).map((name) => ({
        repo: name.slice(0, name.lastIndexOf(':')),
        tag: name.slice(name.lastIndexOf(':') + 1),
      }));
      for (const tag of tags) await raw.getImage(names[0] ?? '').tag(tag);
    },
    use: async (name) => void (await raw.createContainer({ Image: name, Labels: { [OURS]: '1' } })),
    fillCache: async (bytes) => {
      const files = { Dockerfile: 'FROM scratch\nCOPY content /\n', content: randomBytes(bytes) };
      const t = `${freshName('b6-cache')}:1`;
      await build(builder, files, { t, version: '2', labels: { [OURS]: '1' } });
      await builder.getImage(t).remove({ force: true });
    },
    close: async () => {
      await removeAll(raw);
      await removeAll(builder);
    },
  };
}

describe('a look at the disk of a real host', () => {
  const image = `${freshName('b6-probe')}:1`;
  const clients = new DockerClients(undefined);
  let host: Host;
  let raw: Docker;

  beforeAll(async () => {
    host = hostOf(await attachToCluster(), 0);
    raw = clientOf(host);
    const dockerfile = 'FROM scratch\nCOPY busybox /bin/df\n';
    const files = { Dockerfile: dockerfile, busybox: await readFile('/bin/busybox') };
    await build(raw, files, { t: image, labels: { [OURS]: '1' } });
  });
  afterAll(() => removeAll(raw));

  const probeOf = (name: string) =>
    new DockerHostImages(clients, new DiskProbe(clients, new DockerImages(clients, null), name));

  it('sees what is free where its Docker keeps its data, and leaves nothing behind', async () => {
    const { DockerRootDir } = (await raw.info()) as { DockerRootDir: string };
    const free = await probeOf(image).freeDisk(host);
    const { bavail, bsize } = await statfs(DockerRootDir);
    // Others write to the same disk meanwhile.
    expect(Math.abs((free ?? 0) - bavail * bsize)).toBeLessThan(2_000_000_000);
    expect(free).toBeGreaterThan(0);
    expect(await raw.listContainers({ all: true, filters: { label: ['io.jockey.probe'] } })).toEqual([]);
  });

  it('does not know without an image that can look, or with one that cannot be had', async () => {
    expect(await new DockerHostImages(clients, null).freeDisk(host)).toBeNull();
    expect(await probeOf('127.0.0.1:1/nothing:1').freeDisk(host)).toBeNull();
  });
});
