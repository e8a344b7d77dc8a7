import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { DomainError } from '../../domain/kernel/errors.js';
import type { Host } from '../../domain/host/host.js';
import type {
  ConsoleSize,
  ContainerConsoles,
  ExecMark,
  ExecSeen,
  ExecSpec,
  OpenConsole,
} from '../../ports/container-consoles.js';
import type { DockerClients } from './docker-clients.js';
import { DockerConsole } from './docker-console.js';
import { failureAt } from './docker-errors.js';

/** What Docker answers of a program that is not there, or has ended: it is as it should be. */
const ENDED = [404, 409, 500];

/** How long the sending of a signal may take, in milliseconds. */
const SIGNALLED = 5_000;

/** Looks through all processes that are seen in the container; `$1` is the variable, `$2` the signal. Shells only. */
const SIGNAL_MARKED = `for it in /proc/[0-9]*; do
  if tr '\\0' '\\n' < "$it/environ" | grep -qxF "$1"; then kill -s "$2" "\${it#/proc/}"; fi
done 2> /dev/null
exit 0`;

const ALL = { stream: true, stdin: true, stdout: true, stderr: true };

/** Connections to programs, by way of dockerode. */
export class DockerConsoles implements ContainerConsoles {
  constructor(private readonly clients: DockerClients) {}

  async attach(host: Host, name: string, { terminal }: { terminal: boolean }): Promise<OpenConsole | null> {
    const to = `connect to ${name}`;
    const stream = await this.clients.askOrNull(host, { to, nullOn: [404] }, async (docker, abortSignal) => {
      // Docker keeps a connection to what has ended open for ever, unless it is asked only for what there was.
      const { State } = await docker.getContainer(name).inspect({ abortSignal });
      const isOver = State.Status === 'exited' || State.Status === 'dead';
      return docker.getContainer(name).attach({ ...ALL, stream: !isOver, stdin: !isOver, logs: true, hijack: true });
    });
    return stream === null ? null : consoleOf(host, stream as Duplex, { to, terminal });
  }

  async resize(host: Host, name: string, { columns: w, rows: h }: ConsoleSize): Promise<void> {
    await this.clients.askOrNull(host, { to: `resize ${name}`, nullOn: ENDED }, (docker, abortSignal) =>
      docker.getContainer(name).resize({ w, h, abortSignal }),
    );
  }

  async signal(host: Host, name: string, signal: string): Promise<void> {
    const question = { to: `send ${signal} to ${name}`, nullOn: [404, 409] };
    await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getContainer(name).kill({ signal, abortSignal }),
    );
  }

  async createExec(host: Host, name: string, spec: ExecSpec): Promise<string> {
    const question = { to: `run "${spec.command.join(' ')}" in ${name}` };
    const { id } = await this.clients.ask(host, question, (docker, abortSignal) =>
      docker.getContainer(name).exec({ ...execOptionsOf(spec), abortSignal }),
    );
    return id;
  }

  async startExec(host: Host, id: string, { terminal }: { terminal: boolean }): Promise<OpenConsole> {
    const to = 'begin what is to be run in a container';
    const stream = await this.clients.ask(host, { to }, (docker) =>
      docker.getExec(id).start({ hijack: true, stdin: true, Tty: terminal }),
    );
    return consoleOf(host, stream as Duplex, { to, terminal });
  }

  async resizeExec(host: Host, id: string, { columns: w, rows: h }: ConsoleSize): Promise<void> {
    await this.clients.askOrNull(host, { to: 'resize a terminal', nullOn: ENDED }, (docker, abortSignal) =>
      docker.getExec(id).resize({ w, h, abortSignal }),
    );
  }

  async signalExec(host: Host, name: string, { mark, signal }: { mark: ExecMark; signal: string }): Promise<void> {
    const command = ['/bin/sh', '-c', SIGNAL_MARKED, 'sh', `${mark.name}=${mark.value}`, signal.replace(/^SIG/, '')];
    const id = await this.createExec(host, name, { command, env: {}, terminal: false, input: false, size: null });
    const console = await this.startExec(host, id, { terminal: false });
    const patience = setTimeout(() => console.close(), SIGNALLED);
    for await (const _ of console.output);
    clearTimeout(patience);
    const exitCode = (await this.inspectExec(host, id))?.exitCode ?? 0;
    if (exitCode === 0) return;
    throw new DomainError(
      'unprocessable_entity',
      `What runs in ${name} could not be sent ${signal}: its image has no shell, /bin/sh, by which that is done.`,
    );
  }

  async inspectExec(host: Host, id: string): Promise<ExecSeen | null> {
    const question = { to: 'look at what is run in a container', nullOn: [404, 409] };
    const info = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getExec(id).inspect({ abortSignal }),
    );
    if (info === null) return null;
    const exitCode = info.ExitCode as number | null;
    if (info.Running) return { state: 'running', exitCode: null };
    return exitCode === null ? { state: 'created', exitCode } : { state: 'exited', exitCode };
  }
}

function consoleOf(host: Host, stream: Duplex, how: { to: string; terminal: boolean }): OpenConsole {
  const broken = (error: unknown): unknown =>
    failureAt(host, how.to, Object.assign(new Error(String(error)), { code: 'ECONNRESET' }));
  return new DockerConsole({ stream, terminal: how.terminal, broken });
}

function execOptionsOf({ command, env, terminal, input, size }: ExecSpec): Docker.ExecCreateOptions {
  return {
    Cmd: [...command],
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    AttachStdin: terminal || input,
    AttachStdout: true,
    AttachStderr: true,
    Tty: terminal,
    ...(size === null ? {} : { ConsoleSize: [size.rows, size.columns] }),
  } as Docker.ExecCreateOptions;
}
