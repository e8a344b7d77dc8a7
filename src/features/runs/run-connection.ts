import { Inject, Injectable } from '@nestjs/common';
import { DomainError, unavailable } from '../../domain/kernel/errors.js';
import type { Host } from '../../domain/host/host.js';
import { execMark } from '../../domain/run/exec-mark.js';
import {
  CONTAINER_CONSOLES,
  type ConsoleSize,
  type ContainerConsoles,
  type OpenConsole,
} from '../../ports/container-consoles.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import type { RunRow } from '../../store/entities/index.js';
import { Places } from '../../store/repositories/places.js';
import { Runs } from '../../store/repositories/runs.js';

/** Connects to the programs of runs. */
@Injectable()
export class RunConnections {
  constructor(
    @Inject(CONTAINER_CONSOLES) private readonly consoles: ContainerConsoles,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly places: Places,
    private readonly runs: Runs,
  ) {}

  /** Null while there is nothing to connect to yet, and where there is nothing any more. */
  async connect(run: RunRow): Promise<OpenConsole | null> {
    if (run.kind === 'exec') return this.beginExec(run);
    if (run.host === null || run.containerName === null) return null;
    const console = await this.consoles.attach(await this.hostOf(run), run.containerName, {
      terminal: run.interactive,
    });
    if (console !== null) await this.resize(run, sizeOf(run));
    return console;
  }

  /** Says how large the terminal is now. */
  async resize(run: RunRow, size: ConsoleSize | null): Promise<void> {
    if (size === null || !run.interactive || run.host === null) return;
    const host = await this.hostOf(run);
    if (run.kind === 'one_off') return this.consoles.resize(host, run.containerName ?? '', size);
    const { execId } = await this.runs.get(run.id);
    if (execId !== null) await this.consoles.resizeExec(host, execId, size);
  }

  async signal(run: RunRow, signal: string): Promise<void> {
    const host = await this.hostOf(run);
    const name = run.containerName ?? '';
    if (run.kind === 'one_off') return this.consoles.signal(host, name, signal);
    await this.consoles.signalExec(host, name, { mark: execMark(run.id), signal });
  }

  /** Who connects begins it: its connection is made once, and cannot be made again. */
  private async beginExec(run: RunRow): Promise<OpenConsole | null> {
    if (run.state !== 'waiting') return null;
    const { id, interactive: terminal, input, command } = run;
    const host = await this.hostOf(run);
    const { name, value } = execMark(id);
    const spec = { command, env: { [name]: value }, terminal, input, size: sizeOf(run) };
    const execId = await this.consoles.createExec(host, run.containerName ?? '', spec);
    if (!(await this.runs.claimExec(id, execId))) return null;
    const console = await this.consoles.startExec(host, execId, { terminal });
    await this.resize(run, sizeOf(run));
    return console;
  }

  private async hostOf(run: RunRow): Promise<Host> {
    const { apps, stacks, environments } = await this.places.around([run]);
    const stack = stacks.get(apps.get(run.appId)?.stackId ?? '') ?? '';
    const environment = environments.get(run.environmentId)?.name ?? '';
    const host = (await this.catalog.hosts({ stack, environment })).find(({ name }) => name === run.host);
    if (host === undefined) throw unavailable(`host ${run.host ?? ''}`, 'Consul does not know it any more');
    return host;
  }
}

const sizeOf = ({ columns, rows }: RunRow): ConsoleSize | null =>
  columns === null || rows === null ? null : { columns, rows };

/** Of what is begun by who connects first, a second connection cannot be had. */
export const cannotTakeOver = (run: RunRow): DomainError =>
  new DomainError(
    'conflict',
    `Run ${run.id} has been connected to already: a program in an instance has one connection, which ends with it. Cancel it, and ask for another.`,
  );
