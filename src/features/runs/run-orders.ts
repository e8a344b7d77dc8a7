import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError, invalid, notFound } from '../../domain/kernel/errors.js';
import type { Resources } from '../../domain/host/host.js';
import { releaseName } from '../../domain/release/release-facts.js';
import { wordsOfCommand } from '../../domain/run/run-command.js';
import { BuildRow, InstanceRow, ReleaseRow } from '../../store/entities/index.js';
import { presentCaller } from '../../store/present-caller.js';
import { Directory } from '../../store/repositories/directory.js';
import { Releases } from '../../store/repositories/releases.js';
import { type NewRun, Runs } from '../../store/repositories/runs.js';
import { RUN_LIMITS, type RunLimits } from './run-limits.js';
import type { CreateExecDto, CreateRunDto } from './run.dto.js';

/** What a command gets where its release has no worker to take it from: as a worker of which nothing is said. */
const DEFAULT_RESOURCES: Resources = { memoryMb: 256, cpus: 0.1 };

/** Instances whose container runs. */
const RUNNING = new Set(['started', 'healthy', 'draining']);

/** Makes of what was asked for what is to be run, or says why it cannot be. */
@Injectable()
export class RunOrders {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly releases: Releases,
    private readonly runs: Runs,
    @Inject(RUN_LIMITS) private readonly limits: RunLimits,
  ) {}

  /** A run with a container of its own. */
  async oneOff(body: CreateRunDto): Promise<NewRun> {
    const app = await this.directory.app(body.app);
    const environment = await this.directory.environment(body.environment);
    const release = await this.releaseOf({ appId: app.id, environmentId: environment.id }, body.release ?? 'current');
    if (release === null)
      throw new DomainError(
        'unprocessable_entity',
        `${app.name} has no release in ${environment.name} yet, whose image a command could get: deploy it first.`,
      );
    await this.requireImage(release);
    if (body.detach === true && body.interactive === true)
      throw invalid('detach', 'does not go with interactive: a terminal needs somebody at it.');
    return {
      ...this.common(body),
      ...this.resourcesOf(release, body),
      ...{ kind: 'one_off', appId: app.id, environmentId: environment.id, instanceId: null },
      ...{ deployId: release.deployId, releaseId: release.id, worker: body.worker ?? null },
      ...{ detached: body.detach ?? false, host: null, containerName: null },
    };
  }

  /** A run in the container of an instance. */
  async exec(instance: InstanceRow, body: CreateExecDto): Promise<NewRun> {
    if (!RUNNING.has(instance.state))
      throw new DomainError(
        'unprocessable_entity',
        `${instance.containerName} is ${instance.state}, so nothing can be run in it; GET /instances lists those that run.`,
      );
    const { appId, environmentId, deployId, host, containerName } = instance;
    const release = await this.dataSource.manager.findOneBy(ReleaseRow, { deployId });
    return {
      ...this.common(body),
      ...{ kind: 'exec', appId, environmentId, deployId, releaseId: release?.id ?? null, instanceId: instance.id },
      ...{ worker: instance.spec.name, detached: false, memoryMb: null, cpus: null, host, containerName },
    };
  }

  private common(body: CreateExecDto) {
    const { seconds: longest } = this.limits;
    const timeLimitSeconds = body.time_limit_seconds ?? longest;
    if (timeLimitSeconds > longest)
      throw invalid('time_limit_seconds', `is ${timeLimitSeconds}, but RUN_TIME_LIMIT_SECONDS allows ${longest}.`);
    const interactive = body.interactive ?? false;
    if (interactive && body.input === true)
      throw invalid('input', 'does not go with interactive: a terminal is an input already.');
    return {
      command: wordsOfCommand(body.command),
      interactive,
      input: body.input ?? false,
      columns: body.columns ?? null,
      rows: body.rows ?? null,
      timeLimitSeconds,
      requestedBy: presentCaller()?.name ?? null,
    };
  }

  private async releaseOf(
    place: { readonly appId: string; readonly environmentId: string },
    word: string,
  ): Promise<ReleaseRow | null> {
    if (word.toLowerCase() === 'current') return this.runs.currentRelease(place);
    const release = await this.releases.numbered(place, Number(word.replace(/^v/i, '')));
    if (release === null) throw notFound('release', word);
    return release;
  }

  private async requireImage(release: ReleaseRow): Promise<void> {
    const { imageRemovedAt } = await this.dataSource.manager.findOneByOrFail(BuildRow, { id: release.buildId });
    if (imageRemovedAt === null) return;
    throw new DomainError(
      'unprocessable_entity',
      `The image of ${releaseName(release)} is gone: the clean-up removed it. Deploy ${release.sha.slice(0, 7)} again to have it.`,
    );
  }

  private resourcesOf({ workers }: ReleaseRow, body: CreateRunDto): Resources {
    const worker = body.worker === undefined ? workers[0] : workers.find(({ name }) => name === body.worker);
    if (body.worker !== undefined && worker === undefined)
      throw invalid(
        'worker',
        `is none of the release: that has ${workers.map(({ name }) => name).join(', ') || 'none'}.`,
      );
    const { memoryMb: most } = this.limits;
    const { memoryMb, cpus } = worker?.resources ?? DEFAULT_RESOURCES;
    if ((body.memory_mb ?? 0) > most)
      throw invalid('memory_mb', `is ${body.memory_mb}, but RUN_MEMORY_LIMIT_MB allows ${most}.`);
    return { memoryMb: body.memory_mb ?? Math.min(memoryMb, most), cpus: body.cpus ?? cpus };
  }
}
