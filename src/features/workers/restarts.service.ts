import { Injectable } from '@nestjs/common';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import type { WorkerRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import { Places } from '../../store/repositories/places.js';
import { Workers } from '../../store/repositories/workers.js';
import type { ReconcileDto } from '../reconciles/reconcile.dto.js';
import { ReconcilesService } from '../reconciles/reconciles.service.js';
import type { RestartOptionsDto, RestartWorkersDto } from './restart.dto.js';

/** What is restarted: the workers that are meant, where, and by which name people know the place. */
interface Meant {
  readonly place: { readonly appId: string; readonly environmentId: string };
  /** `sample in production` */
  readonly where: string;
  readonly workers: readonly WorkerRow[];
  /** The one worker that was asked for; null for all. */
  readonly workerId: string | null;
}

/**
 * Restarts as they are asked for: each is a reconcile. One that could not do anything is refused with the reason, since
 * a reconcile that ends at once would look as if it had helped.
 */
@Injectable()
export class RestartsService {
  constructor(
    private readonly directory: Directory,
    private readonly workers: Workers,
    private readonly places: Places,
    private readonly reconciles: ReconcilesService,
  ) {}

  /** Of an app in an environment, by name. */
  async restartNamed(body: RestartWorkersDto, seconds?: number): Promise<ReconcileDto> {
    const app = await this.directory.app(body.app);
    const environment = await this.directory.environment(body.environment);
    const place = { appId: app.id, environmentId: environment.id };
    const where = `${app.name} in ${environment.name}`;
    const name = body.worker ?? undefined;
    const workers = await this.workers.in(place, name);
    if (workers.length === 0) throw noWorkers(where, name);
    const workerId = name === undefined ? null : (workers[0]?.id ?? null);
    return this.restart({ place, where, workers, workerId }, body, seconds);
  }

  /** Of one worker, by id. */
  async restartOne(id: string, body: RestartOptionsDto, seconds?: number): Promise<ReconcileDto> {
    const worker = await this.workers.get(id);
    const { appId, environmentId } = worker;
    const { apps, environments } = await this.places.around([worker]);
    const where = `${apps.get(appId)?.name} in ${environments.get(environmentId)?.name}`;
    const meant = { place: { appId, environmentId }, where, workers: [worker], workerId: worker.id };
    return this.restart(meant, body, seconds);
  }

  private async restart(meant: Meant, body: RestartOptionsDto, seconds?: number): Promise<ReconcileDto> {
    const { place, workerId } = meant;
    const onlyUnhealthy = onlyUnhealthyIn(body);
    refuseUnscaled(meant);
    if (!(await this.workers.isDeployed(place))) throw notDeployed(meant);
    const wanted = { ...place, callbackUrl: null, force: body.force === true };
    return this.reconciles.ask({ ...wanted, restart: { workerId, onlyUnhealthy } }, seconds);
  }
}

function onlyUnhealthyIn({ only_unhealthy: said, healthy }: RestartOptionsDto): boolean {
  if (said === false && healthy === false)
    throw invalid('only_unhealthy', 'is false, but healthy is false too, which says the opposite: send one of them.');
  return said === true || healthy === false;
}

function noWorkers(where: string, name: string | undefined): DomainError {
  const sentence =
    name === undefined
      ? `${where} has no workers, so there is nothing to restart; POST /workers makes one.`
      : `There is no worker "${name}" of ${where}; GET /workers lists those that there are.`;
  return new DomainError('not_found', sentence);
}

function refuseUnscaled({ where, workers, workerId }: Meant): void {
  if (workers.some(({ scale }) => scale > 0)) return;
  const who = workerId === null ? `Every worker of ${where}` : `${workers[0]?.name} of ${where}`;
  throw new DomainError(
    'unprocessable_entity',
    `${who} is at scale 0, so nothing runs that could be restarted; PUT /workers/rescale starts instances.`,
  );
}

function notDeployed({ where }: Meant): DomainError {
  return new DomainError(
    'unprocessable_entity',
    `No deploy of ${where} has succeeded yet, so nothing runs that could be restarted; POST /deploys brings one, or ` +
      'wait for the one in progress.',
  );
}
