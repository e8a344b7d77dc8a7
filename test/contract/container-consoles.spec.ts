import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import Docker from 'dockerode';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { DockerConsoles } from '../../src/adapters/docker/docker-consoles.js';
import { DockerodeHosts } from '../../src/adapters/docker/dockerode-hosts.js';
import type { Host } from '../../src/domain/host/host.js';
import { execMark } from '../../src/domain/run/exec-mark.js';
import type { OpenConsole } from '../../src/ports/container-consoles.js';
import type { ConsoleSpec } from '../../src/ports/docker-hosts.js';
import { eventually } from '../support/eventually.js';
import { attachToCluster, deadHost, freshName, hostOf } from './cluster.js';

const IMAGE = 'jockey-contract-console:1';

const DOCKERFILE = `FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "--install", "/bin"]
`;

/** What a console has shown so far, by its channels, while somebody looks. */
class Shown {
  stdout = '';
  stderr = '';
  readonly over: Promise<void>;

  constructor(readonly console: OpenConsole) {
    this.over = this.read();
  }

  /** Resolves when it has shown this. */
  until(text: string): Promise<unknown> {
    return eventually(`"${text}" on the console`, async () => this.stdout.includes(text));
  }

  private async read(): Promise<void> {
    for await (const { channel, bytes } of this.console.output) this[channel] += bytes.toString();
  }
}

describe('ContainerConsoles, through dockerode', () => {
  const clients = new DockerClients(undefined);
  const consoles = new DockerConsoles(clients);
  const hosts = new DockerodeHosts(clients, null);
  const names: string[] = [];
  let host: Host;
  let docker: Docker;

  beforeAll(async () => {
    host = hostOf(await attachToCluster(), 0);
    const { hostname, port } = new URL(host.dockerUrl);
    docker = new Docker({ host: hostname, port: Number(port) });
    const context = pack();
    context.entry({ name: 'Dockerfile' }, DOCKERFILE);
    context.entry({ name: 'busybox', mode: 0o755 }, await readFile('/bin/busybox'));
    context.finalize();
    const stream = await docker.buildImage(Readable.from(context), { t: IMAGE });
    await new Promise((resolve, reject) =>
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve(null))),
    );
  });
  afterAll(async () => {
    for (const name of names) await docker.getContainer(name).remove({ force: true });
    await docker?.getImage(IMAGE).remove({ force: true });
  });

  /** Starts a container as the engine does; answers its name. */
  async function start(program: string, console: ConsoleSpec): Promise<string> {
    const name = freshName('console');
    names.push(name);
    await hosts.start(host, {
      ...{ name, image: IMAGE, command: ['sh', '-c', program], env: {}, labels: { 'io.jockey.app': 'console' } },
      ...{ resources: { memoryMb: 32, cpus: 0.2 }, publish: null, stopGraceSeconds: 1, stopSignal: 'SIGTERM', console },
    });
    return name;
  }

  const TERMINAL: ConsoleSpec = { terminal: true, input: 'lasting', size: { columns: 101, rows: 31 } };
  const PIPE: ConsoleSpec = { terminal: false, input: 'once', size: null };

  const attach = async (name: string, terminal: boolean): Promise<Shown> => {
    const console = await consoles.attach(host, name, { terminal });
    if (console === null) throw new Error(`${name} should be there`);
    return new Shown(console);
  };

  const exitCodeOf = (name: string) =>
    eventually(`the end of ${name}`, async () => {
      const detail = await hosts.inspect(host, name);
      return detail?.state === 'exited' && { exitCode: detail.exitCode };
    });

  it('gives a terminal of the size that was asked for, and of each that it gets', async () => {
    const name = await start('read it; stty size; read it; stty size; echo got $it; exit 3', TERMINAL);
    const shown = await attach(name, true);
    await consoles.resize(host, name, { columns: 101, rows: 31 });
    await shown.console.write(Buffer.from('first\n'));
    await shown.until('31 101');
    await consoles.resize(host, name, { columns: 77, rows: 22 });
    await shown.console.write(Buffer.from('hello\n'));
    await shown.over;
    expect(shown.stdout).toContain('22 77');
    expect(shown.stdout).toContain('got hello');
    expect(await exitCodeOf(name)).toEqual({ exitCode: 3 });
  });

  it('keeps a terminal for who leaves and comes again, and shows what was printed meanwhile', async () => {
    const name = await start('echo begun; read it; echo got $it', TERMINAL);
    const first = await attach(name, true);
    await first.until('begun');
    first.console.close();
    await first.over;
    const second = await attach(name, true);
    await second.until('begun');
    await second.console.write(Buffer.from('more\n'));
    await second.over;
    expect(second.stdout).toContain('got more');
  });

  it('tells standard output and error apart without a terminal, and hands the end of the input on', async () => {
    const name = await start('echo wrong >&2; cat; echo end', PIPE);
    const shown = await attach(name, false);
    await shown.console.write(Buffer.from('one\ntwo\n'));
    shown.console.endInput();
    await shown.over;
    expect(shown).toMatchObject({ stdout: 'one\ntwo\nend\n', stderr: 'wrong\n' });
    expect(await exitCodeOf(name)).toEqual({ exitCode: 0 });
  });

  it('shows all that one has printed that has ended already', async () => {
    const name = await start('echo short', { terminal: false, input: 'none', size: null });
    await exitCodeOf(name);
    const shown = await attach(name, false);
    await shown.over;
    expect(shown.stdout).toBe('short\n');
  });

  it('sends signals, and nothing to what has ended', async () => {
    const name = await start('trap "echo caught; exit 7" INT; echo ready; while true; do sleep 0.1; done', TERMINAL);
    const shown = await attach(name, true);
    await shown.until('ready');
    await consoles.signal(host, name, 'SIGINT');
    await shown.over;
    expect(shown.stdout).toContain('caught');
    expect(await exitCodeOf(name)).toEqual({ exitCode: 7 });
    await consoles.signal(host, name, 'SIGTERM');
    await consoles.resize(host, name, { columns: 80, rows: 24 });
  });

  describe('in a container that runs', () => {
    let name: string;

    beforeAll(async () => {
      name = await start('exec sleep 600', { terminal: false, input: 'none', size: null });
    });

    const ready = (program: string, how: { terminal: boolean; input?: boolean; mark?: string }): Promise<string> =>
      consoles.createExec(host, name, {
        command: ['sh', '-c', program],
        env: how.mark === undefined ? {} : { [execMark(how.mark).name]: how.mark },
        terminal: how.terminal,
        input: how.input ?? false,
        size: how.terminal ? { columns: 91, rows: 21 } : null,
      });

    const seen = (id: string) =>
      eventually('the end of what is run', async () => {
        const found = await consoles.inspectExec(host, id);
        return found?.state === 'exited' && found;
      });

    it('runs a program with a terminal, and says how it ended', async () => {
      const id = await ready('read it; stty size; read it; echo got $it; exit 5', { terminal: true });
      expect(await consoles.inspectExec(host, id)).toEqual({ state: 'created', exitCode: null });
      const shown = new Shown(await consoles.startExec(host, id, { terminal: true }));
      await consoles.resizeExec(host, id, { columns: 60, rows: 20 });
      await shown.console.write(Buffer.from('first\n'));
      await shown.until('20 60');
      expect(await consoles.inspectExec(host, id)).toEqual({ state: 'running', exitCode: null });
      await shown.console.write(Buffer.from('it\n'));
      await shown.over;
      expect(shown.stdout).toContain('got it');
      expect(await seen(id)).toEqual({ state: 'exited', exitCode: 5 });
    });

    it('feeds a program until there is no more', async () => {
      const id = await ready('cat; echo wrong >&2', { terminal: false, input: true });
      const shown = new Shown(await consoles.startExec(host, id, { terminal: false }));
      await shown.console.write(Buffer.from('fed\n'));
      shown.console.endInput();
      await shown.over;
      expect(shown).toMatchObject({ stdout: 'fed\n', stderr: 'wrong\n' });
      expect(await seen(id)).toEqual({ state: 'exited', exitCode: 0 });
    });

    it('ends what a run began, with all that it began in turn, and nothing else', async () => {
      const [one, other] = [await ready('sleep 500 & sleep 500', { terminal: false, mark: '1' }), '12'];
      const id = await ready('sleep 0.1; while true; do sleep 0.1; done', { terminal: false, mark: other });
      await consoles.startExec(host, one, { terminal: false });
      await consoles.startExec(host, id, { terminal: false });
      await consoles.signalExec(host, name, { mark: execMark('1'), signal: 'SIGTERM' });
      expect(await seen(one)).toEqual({ state: 'exited', exitCode: 143 });
      expect(await consoles.inspectExec(host, id)).toMatchObject({ state: 'running' });
      await consoles.signalExec(host, name, { mark: execMark(other), signal: 'SIGKILL' });
      expect(await seen(id)).toEqual({ state: 'exited', exitCode: 137 });
    });

    it('does not know a program of a container that is gone', async () => {
      expect(await consoles.inspectExec(host, 'f'.repeat(64))).toBeNull();
    });
  });

  it('knows no container that is not there, and names a host that does not answer', async () => {
    expect(await consoles.attach(host, freshName('none'), { terminal: true })).toBeNull();
    await expect(consoles.attach(await deadHost(), 'any', { terminal: true })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
