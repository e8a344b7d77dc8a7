import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../../domain/host/host.js';
import { DomainError, unavailable } from '../../domain/kernel/errors.js';
import { execMark } from '../../domain/run/exec-mark.js';
import { CONTAINER_CONSOLES, type ContainerConsoles, type OpenConsole } from '../../ports/container-consoles.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import type { RunRow } from '../../store/entities/index.js';
import type { Lease } from '../../store/leases.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { ConfigValues } from '../../store/repositories/config-values.js';
import { RunProgress } from '../../store/repositories/run-progress.js';
import { runContainerOf, type RunPlace } from './run-container.js';
import { RunPlaces } from './run-places.js';

/** A run, where it is, and by what right it is moved on. */
export interface HeldRun {
  readonly run: RunRow;
  readonly place: RunPlace;
  readonly host: Host | null;
  readonly lease: Lease;
}

/** What is done to the world for a run. */
@Injectable()
export class RunSteps {
  constructor(
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(CONTAINER_CONSOLES) private readonly consoles: ContainerConsoles,
    private readonly appEnvironments: AppEnvironments,
    private readonly values: ConfigValues,
    private readonly places: RunPlaces,
    private readonly progress: RunProgress,
  ) {}

  /** Writes down where it begins, or what it waits for. */
  async place(held: HeldRun): Promise<void> {
    const { image } = await this.appEnvironments.contentsOf(held.run.deployId);
    await this.places.give(held, held.place, image);
  }

  /** Begins it; answers the connection of what is run in an instance, by which alone its output comes. */
  async start(held: HeldRun): Promise<OpenConsole | null> {
    const host = reached(held);
    return held.run.kind === 'exec' ? this.startExec(held, host) : this.startContainer(held, host);
  }

  /** Tells the program to end. */
  async signal(held: HeldRun, signal: string): Promise<void> {
    const host = reached(held);
    const { id, kind, containerName } = held.run;
    const name = containerName ?? '';
    if (kind === 'one_off') await this.consoles.signal(host, name, signal);
    else await this.consoles.signalExec(host, name, { mark: execMark(id), signal });
  }

  /** Removes its own container. */
  async remove(held: HeldRun): Promise<void> {
    await this.docker.remove(reached(held), held.run.containerName ?? '', 0);
  }

  /** The image is fetched first; whether the run is still ours is asked last, since a fetch takes its time. */
  private async startContainer(held: HeldRun, host: Host): Promise<null> {
    const { run, place, lease } = held;
    const contents = await this.appEnvironments.contentsOf(run.deployId);
    const env = await this.values.of(run.deployId);
    await this.docker.pull(host, contents.image);
    if (await this.progress.stillMine(lease, run))
      await this.docker.start(host, runContainerOf(run, place, { ...contents, env }));
    return null;
  }

  /** Docker begins an exec once: who was killed in between is followed by one who is refused, or begins it. */
  private async startExec(held: HeldRun, host: Host): Promise<OpenConsole | null> {
    const { run } = held;
    const id = run.execId ?? (await this.createExec(run, host));
    if (run.execId === null && !(await this.progress.change(held, { state: 'starting', execId: id }))) return null;
    return this.consoles.startExec(host, id, { terminal: false });
  }

  private createExec({ id, containerName, command }: RunRow, host: Host): Promise<string> {
    const { name, value } = execMark(id);
    const spec = { command, env: { [name]: value }, terminal: false, input: false, size: null };
    return this.consoles.createExec(host, containerName ?? '', spec);
  }
}

function reached({ run, host }: HeldRun): Host {
  if (host === null) throw unavailable(`host ${run.host ?? ''}`, 'Consul does not know it any more');
  return host;
}

/** Whether what went wrong will go wrong again: only what does not answer is tried again. */
export const isFinal = (error: unknown): boolean => error instanceof DomainError && error.code !== 'unavailable';
