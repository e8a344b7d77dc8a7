import type { Host } from '../../src/domain/host/host.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import type {
  ConsoleOutput,
  ConsoleSize,
  ContainerConsoles,
  ExecMark,
  ExecSeen,
  ExecSpec,
  OpenConsole,
} from '../../src/ports/container-consoles.js';
import type { FakeWorld } from './fake-world.js';

/** A program that prints what a test says, and remembers what it was told. */
export class FakeProgram implements OpenConsole {
  readonly typed: Buffer[] = [];
  readonly signals: string[] = [];
  size: ConsoleSize | null = null;
  inputEnded = false;
  begun = false;
  exitCode: number | null = null;
  private readonly printed: ConsoleOutput[] = [];
  private readonly waiting = new Set<() => void>();
  private over = false;

  /** Has it print. */
  print(text: string, channel: ConsoleOutput['channel'] = 'stdout'): void {
    this.printed.push({ channel, bytes: Buffer.from(text) });
    this.wake();
  }

  /** Ends it. */
  exit(exitCode: number): void {
    this.exitCode = exitCode;
    this.close();
  }

  get output(): AsyncIterable<ConsoleOutput> {
    return this.read();
  }

  async write(bytes: Buffer): Promise<void> {
    this.typed.push(bytes);
  }

  endInput(): void {
    this.inputEnded = true;
  }

  close(): void {
    this.over = true;
    this.wake();
  }

  private async *read(): AsyncGenerator<ConsoleOutput> {
    for (let at = 0; ;) {
      const next = this.printed[at];
      if (next !== undefined) {
        at += 1;
        yield next;
      } else if (this.over) return;
      else await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** Programs in memory, by the name of their container or the id of their exec. With a world, signals end its containers. */
export class FakeContainerConsoles implements ContainerConsoles {
  readonly programs = new Map<string, FakeProgram>();
  readonly execs: ExecSpec[] = [];

  constructor(private readonly world: FakeWorld | null = null) {}

  /** The program of a container or an exec; made where there is none yet. */
  of(key: string): FakeProgram {
    const program = this.programs.get(key) ?? new FakeProgram();
    this.programs.set(key, program);
    return program;
  }

  async attach(host: Host, name: string): Promise<OpenConsole | null> {
    this.reach(host);
    return this.programs.get(name) ?? null;
  }

  async resize(_host: Host, name: string, size: ConsoleSize): Promise<void> {
    this.of(name).size = size;
  }

  async signal(host: Host, name: string, signal: string): Promise<void> {
    this.reach(host);
    this.of(name).signals.push(signal);
    const isThere = this.world?.machines.get(host.name)?.containers.has(name) === true;
    if (isThere) this.world?.alter(host.name, name, { endsAfter: 0, exitCode: signal === 'SIGKILL' ? 137 : 143 });
  }

  async createExec(host: Host, name: string, spec: ExecSpec): Promise<string> {
    this.reach(host);
    this.execs.push(spec);
    const id = `exec-${this.execs.length}-of-${name}`;
    this.of(id);
    return id;
  }

  async startExec(host: Host, id: string): Promise<OpenConsole> {
    this.reach(host);
    const program = this.of(id);
    program.begun = true;
    return program;
  }

  async resizeExec(host: Host, id: string, size: ConsoleSize): Promise<void> {
    await this.resize(host, id, size);
  }

  async signalExec(host: Host, name: string, { mark, signal }: { mark: ExecMark; signal: string }): Promise<void> {
    this.reach(host);
    const at = this.execs.findLastIndex(({ env }) => env[mark.name] === mark.value);
    const program = this.programs.get(`exec-${at + 1}-of-${name}`);
    program?.signals.push(signal);
    program?.exit(signal === 'SIGKILL' ? 137 : 143);
  }

  async inspectExec(host: Host, id: string): Promise<ExecSeen | null> {
    this.reach(host);
    const program = this.programs.get(id);
    if (program === undefined) return null;
    if (program.exitCode !== null) return { state: 'exited', exitCode: program.exitCode };
    return { state: program.begun ? 'running' : 'created', exitCode: null };
  }

  private reach({ name }: Host): void {
    const machine = this.world?.machines.get(name);
    if (machine?.answers === false) throw unavailable(`host ${name}`, 'connect ECONNREFUSED');
  }
}
