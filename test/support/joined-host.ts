import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { attempt } from '../../tools/machine/run.js';

const run = promisify(execFile);

/** What of a cloud-config is looked at here. */
export interface CloudConfig {
  readonly packages: readonly string[];
  readonly runcmd: readonly (readonly string[])[];
  readonly write_files: readonly { readonly path: string; readonly content: string; readonly permissions: string }[];
}

/** What the program of a host is run with. */
export interface Boot {
  /** Where the machine asks who it is. */
  readonly metadata: string;
  /** The program of Consul. */
  readonly consul: string;
}

/** What a machine has only once, and a test may not touch: programs that write down what they were called with. */
const PRETENDED = ['systemctl', 'useradd', 'chown', 'apt-get'];

/** A machine below a folder: what cloud-init writes is really written, and its program really run. */
export class JoinedHost {
  private readonly programs: ChildProcess[] = [];

  private constructor(
    readonly root: string,
    private readonly boot: Boot,
  ) {}

  static async make(userData: string, boot: Boot): Promise<JoinedHost> {
    const host = new JoinedHost(await mkdtemp(join(tmpdir(), 'jockey-host-')), boot);
    for (const { path, content, permissions } of (parse(userData) as CloudConfig).write_files)
      await host.write(path, content, Number.parseInt(permissions, 8));
    for (const name of PRETENDED)
      await host.write(`/pretended/${name}`, `#!/bin/sh\necho "${name} $*" >> "$JOCKEY_ROOT/calls"\n`, 0o755);
    await symlink(boot.consul, host.at('/pretended/consul'));
    return host;
  }

  async read(path: string): Promise<string> {
    return readFile(this.at(path), 'utf8');
  }

  at(path: string): string {
    return join(this.root, path);
  }

  async write(path: string, content: string, mode = 0o644): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), content, { mode });
    await chmod(this.at(path), mode);
  }

  /** Changes what the program was told. */
  async tell(change: Readonly<Record<string, unknown>>): Promise<void> {
    const settings = JSON.parse(await this.read('/etc/jockey/host.json')) as Record<string, unknown>;
    await this.write('/etc/jockey/host.json', JSON.stringify({ ...settings, ...change }), 0o600);
  }

  /** Runs the program as at a boot; answers what it called. */
  async join(): Promise<readonly string[]> {
    await writeFile(this.at('/calls'), '');
    const path = [this.at('/pretended'), process.env['PATH'] ?? '', '/usr/sbin'].join(delimiter);
    const env = { ...process.env, PATH: path, JOCKEY_ROOT: this.root, JOCKEY_METADATA: this.boot.metadata };
    await run(this.at('/usr/local/sbin/jockey-join'), [], { env });
    return (await readFile(this.at('/calls'), 'utf8')).trimEnd().split('\n');
  }

  /** Starts a program that systemd would start. */
  start(file: string, args: readonly string[]): void {
    const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin:/usr/bin` };
    this.programs.push(spawn(file, [...args], { env, stdio: 'ignore' }));
  }

  /** Starts Docker with the file that was written, but for where it keeps its things. */
  async startDocker(address: string): Promise<void> {
    const written = (await this.read('/etc/docker/daemon.json')).replaceAll('"/etc/jockey', `"${this.root}/etc/jockey`);
    const settings = JSON.parse(written) as { hosts: readonly string[] };
    const hosts = settings.hosts.map((each) =>
      each === 'fd://' ? `unix://${this.at('/run/docker.sock')}` : each.replace('0.0.0.0', address),
    );
    await this.write('/run/daemon.json', JSON.stringify({ ...settings, hosts }));
    const places = ['data-root', 'exec-root'].map((place) => `--${place}=${this.at(`/run/${place}`)}`);
    const apart = [
      '--bridge=none',
      '--iptables=false',
      '--ip-forward=false',
      '--exec-opt=native.cgroupdriver=cgroupfs',
    ];
    const file = [`--config-file=${this.at('/run/daemon.json')}`, `--pidfile=${this.at('/run/docker.pid')}`];
    this.start('dockerd', [...file, ...places, ...apart]);
  }

  async remove(): Promise<void> {
    await Promise.all(this.programs.map(ended));
    for (const place of ['data-root', 'exec-root/netns/default']) await attempt('umount', [this.at(`/run/${place}`)]);
    await rm(this.root, { recursive: true, force: true });
  }
}

/** The metadata service of a machine, which is asked with a token of its own (version 2). */
export async function startMetadata(answers: Readonly<Record<string, string>>): Promise<Server & { url: string }> {
  const server = createServer((request, response) => {
    const isToken = request.method === 'PUT' && request.url === '/latest/api/token';
    if (isToken && request.headers['x-aws-ec2-metadata-token-ttl-seconds'] !== undefined)
      return response.end('a-token');
    if (request.headers['x-aws-ec2-metadata-token'] !== 'a-token') return response.writeHead(401).end();
    const answer = answers[(request.url ?? '').replace('/latest/meta-data/', '')];
    return response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(server, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await end;
}
