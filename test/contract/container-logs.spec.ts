import { readFile } from 'node:fs/promises';
import Docker from 'dockerode';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { DockerContainerLogs } from '../../src/adapters/docker/docker-container-logs.js';
import type { OutputLine } from '../../src/domain/log/output-line.js';
import { FakeContainerLogs } from '../fakes/fake-container-logs.js';
import { aHost } from '../support/fake-ports.js';
import { contextOf } from './build-hosts.contract.js';
import { attachToCluster, deadHost, freshName, hostOf } from './cluster.js';
import { containerLogsContract, type ContainerLogsSetUp } from './container-logs.contract.js';

containerLogsContract('in memory', beginFake);
containerLogsContract('through dockerode', beginReal);

async function beginFake(): Promise<ContainerLogsSetUp> {
  const logs = new FakeContainerLogs();
  const [host, gone] = [aHost('h1'), aHost('h2')];
  logs.silence(gone.name, true);
  let clock = 0n;
  const lineOf = (text: string): OutputLine => ({
    at: (clock += 1n),
    stream: text.startsWith('!') ? 'stderr' : 'stdout',
    text: text.replace('!', ''),
    goesOn: false,
  });
  return {
    logs,
    host,
    deadHost: gone,
    start: async (lines) => {
      const name = freshName('printer');
      logs.print(host.name, name, ...lines.map(lineOf));
      return name;
    },
    say: async (name, line) => logs.print(host.name, name, lineOf(line)),
    end: async (name) => logs.end(host.name, name),
    close: async () => undefined,
  };
}

const IMAGE = 'jockey-contract-printer:1';

async function beginReal(): Promise<ContainerLogsSetUp> {
  const host = hostOf(await attachToCluster(), 0);
  const { hostname, port } = new URL(host.dockerUrl);
  const docker = new Docker({ host: hostname, port: Number(port) });
  const stream = await docker.buildImage(contextOf(await readFile('/bin/busybox')), { t: IMAGE });
  await new Promise((resolve, reject) =>
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
  );
  const names: string[] = [];
  return {
    logs: new DockerContainerLogs(new DockerClients(undefined)),
    host,
    deadHost: await deadHost(),
    start: async (lines) => {
      const name = freshName('printer');
      names.push(name);
      const said = lines.map((line) => (line.startsWith('!') ? `echo ${line.slice(1)} >&2` : `echo ${line}`));
      // Between two lines a moment: two streams that are written at once have no order.
      const program = [...said.flatMap((each) => [each, '/busybox sleep 0.05']), 'exec /busybox sleep 600'].join('; ');
      await (await docker.createContainer({ name, Image: IMAGE, Cmd: ['/busybox', 'sh', '-c', program] })).start();
      return name;
    },
    say: async (name, line) => {
      const Cmd = ['/busybox', 'sh', '-c', `echo ${line} > /proc/1/fd/1`];
      const exec = await docker.getContainer(name).exec({ Cmd, AttachStdout: true });
      (await exec.start({})).resume();
    },
    end: (name) => docker.getContainer(name).stop({ t: 0 }) as Promise<void>,
    close: async () => {
      for (const name of names) await docker.getContainer(name).remove({ force: true });
      await docker.getImage(IMAGE).remove({ force: true });
    },
  };
}
