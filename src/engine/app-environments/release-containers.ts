import { Inject, Injectable } from '@nestjs/common';
import type { ReleaseCommandRun } from '../../domain/deploy/deploy-lifecycle.js';
import { releaseContainerName } from '../../domain/deploy/plan-release-command.js';
import type { Host } from '../../domain/host/host.js';
import type { Observation } from '../../domain/instance/instance.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import type { DeployRow } from '../../store/entities/index.js';
import { Redactors } from '../../store/redactors.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import type { DeployContents } from './container-plan.js';
import { type ReleaseContents, releaseContainerOf, releaseLabels, stopGraceOf } from './release-container-plan.js';

/** What Docker says of the container of a release command. */
export interface SeenRelease {
  readonly container: Observation['container'];
  readonly exitCode: number | null;
  readonly outOfMemory: boolean;
}

/** The release command of a deploy, on a host. */
export interface ReleaseOnHost {
  readonly state: AppEnvironment;
  readonly deploy: DeployRow;
  readonly host: Host;
}

const UNKNOWN: SeenRelease = { container: 'unknown', exitCode: null, outOfMemory: false };

/** Lines of its output that are kept in the deploy's log. */
const KEPT_LINES = 1_000;

/** The containers of release commands. */
@Injectable()
export class ReleaseContainers {
  constructor(
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    private readonly redactors: Redactors,
  ) {}

  /** A host that Consul holds for lost may answer all the same; one that it does not know any more is silent. */
  async see(run: ReleaseCommandRun | null, host: Host | null): Promise<SeenRelease> {
    if (run === null || host === null) return UNKNOWN;
    try {
      const detail = await this.docker.inspect(host, run.containerName);
      if (detail === null) return { ...UNKNOWN, container: 'absent' };
      return { container: detail.state, exitCode: detail.exitCode, outOfMemory: detail.outOfMemory };
    } catch {
      return UNKNOWN;
    }
  }

  /** Fetches the image, where it is not there yet. */
  async fetch(host: Host, contents: Pick<DeployContents, 'image'>): Promise<void> {
    await this.docker.pull(host, contents.image);
  }

  async start(of: ReleaseOnHost, contents: ReleaseContents): Promise<void> {
    await this.docker.start(of.host, releaseContainerOf(of, contents));
  }

  /** What it printed without its secrets, the last lines of it; nothing from a host that does not answer. */
  async lines(of: ReleaseOnHost): Promise<readonly string[]> {
    const lines = await this.docker.lastLines(of.host, nameOf(of), KEPT_LINES).catch(() => []);
    const redactor = await this.redactors.of(of.deploy);
    return lines.map((line) => redactor.quote(line));
  }

  /** A sentence about it without secrets. */
  async redact({ appId, environmentId }: DeployRow, text: string): Promise<string> {
    return (await this.redactors.of({ appId, environmentId })).text(text);
  }

  async remove(of: ReleaseOnHost): Promise<void> {
    await this.docker.remove(of.host, nameOf(of), stopGraceOf(of.deploy));
  }

  /**
   * What a deploy that was put aside left running: two release commands of one app do not run side by side. A host that
   * does not answer is not waited for.
   */
  async removeOthers(of: Omit<ReleaseOnHost, 'host'>, hosts: readonly Host[]): Promise<void> {
    for (const host of hosts.filter(({ healthy }) => healthy)) {
      const found = await this.docker.list(host, releaseLabels(of.state)).catch(() => []);
      for (const { name } of found)
        if (name !== nameOf(of)) await this.docker.remove(host, name, stopGraceOf(of.deploy));
    }
  }
}

function nameOf({ state, deploy }: Omit<ReleaseOnHost, 'host'>): string {
  return releaseContainerName(state.app.name, state.environment, deploy.id);
}
