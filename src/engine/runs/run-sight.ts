import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { Host } from '../../domain/host/host.js';
import type { RunSnapshot } from '../../domain/run/plan-run.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { CONTAINER_CONSOLES, type ContainerConsoles } from '../../ports/container-consoles.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import type { RunRow } from '../../store/entities/index.js';
import type { RunPlace } from './run-container.js';

/** What Docker says of a run. */
export interface SeenRun {
  readonly seen: RunSnapshot['seen'];
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
}

const UNKNOWN: SeenRun = { seen: 'unknown', exitCode: null, outOfMemory: false };

/** Looks at what a run does. */
@Injectable()
export class RunSight {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(CONTAINER_CONSOLES) private readonly consoles: ContainerConsoles,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly settings: Environment,
  ) {}

  /** Its host as Consul has it; null before it has one, and of one that Consul does not know. */
  async hostOf(run: RunRow, { stack, environment }: RunPlace): Promise<Host | null> {
    if (run.host === null) return null;
    const hosts = await this.catalog.hosts({ stack, environment });
    return hosts.find(({ name }) => name === run.host) ?? null;
  }

  /** A host that does not answer says nothing. */
  async see(run: RunRow, host: Host | null): Promise<SeenRun> {
    if (run.state === 'waiting') return { ...UNKNOWN, seen: 'absent' };
    if (host === null) return UNKNOWN;
    const look = run.kind === 'exec' ? this.seeExec(run, host) : this.seeContainer(run, host);
    return look.catch(() => UNKNOWN);
  }

  /** All that the next step is decided by. */
  snapshot(run: RunRow, { seen, exitCode }: SeenRun): RunSnapshot {
    const { RUN_ROOM_SECONDS, RUN_CONSOLE_GRACE_SECONDS } = this.settings;
    return {
      ...{ now: this.clock.now(), kind: run.kind, state: run.state, seen, exitCode },
      needsConsole: run.interactive || run.input,
      createdAt: run.createdAt.getTime(),
      startedAt: run.startedAt?.getTime() ?? null,
      consoleSeenAt: run.consoleSeenAt?.getTime() ?? null,
      canceled: run.cancelRequestedAt !== null,
      stop: run.stopReason === null ? null : { reason: run.stopReason, at: run.stopAt?.getTime() ?? 0 },
      lacksRoom: run.waitingFor !== null,
      limits: {
        run: run.timeLimitSeconds * 1000,
        room: RUN_ROOM_SECONDS * 1000,
        console: RUN_CONSOLE_GRACE_SECONDS * 1000,
      },
    };
  }

  private async seeContainer({ containerName }: RunRow, host: Host): Promise<SeenRun> {
    const detail = await this.docker.inspect(host, containerName ?? '');
    if (detail === null) return { ...UNKNOWN, seen: 'absent' };
    const { state, exitCode, outOfMemory } = detail;
    return { seen: state === 'exited' && exitCode === null ? 'created' : state, exitCode, outOfMemory };
  }

  private async seeExec({ execId }: RunRow, host: Host): Promise<SeenRun> {
    const seen = execId === null ? null : await this.consoles.inspectExec(host, execId);
    if (seen === null) return { ...UNKNOWN, seen: 'absent' };
    return { seen: seen.state, exitCode: seen.exitCode, outOfMemory: false };
  }
}
