import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/errors.js';
import { releaseName } from '../../domain/release/release-facts.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { AppRow, EnvironmentRow, HoldRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import { Holds } from '../../store/repositories/holds.js';
import { Places } from '../../store/repositories/places.js';
import { placeViewOf } from '../apps/place-view.js';
import type { CreateHoldDto, HoldDto } from './hold.dto.js';

/** Holds as the API shows, sets and releases them. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly directory: Directory,
    private readonly holds: Holds,
    private readonly places: Places,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async get(app: string, environment: string): Promise<HoldDto> {
    const place = await this.placeOf(app, environment);
    const hold = await this.holds.of(place);
    if (hold === null) throw noHold(place);
    return this.viewOf(hold);
  }

  async set(app: string, { environment, reason }: CreateHoldDto): Promise<HoldDto> {
    const { appId, environmentId } = await this.placeOf(app, environment);
    return this.viewOf(await this.holds.set({ appId, environmentId, reason, releaseNumber: null }));
  }

  /** The engine is told, for what the hold kept from its turn. */
  async release(app: string, environment: string): Promise<HoldDto> {
    const place = await this.placeOf(app, environment);
    const { appId, environmentId } = place;
    const hold = await this.holds.release(place);
    if (hold === null) throw noHold(place);
    await this.queue.send({ kind: 'app_environment', appId, environmentId });
    return this.viewOf(hold);
  }

  private async placeOf(appKey: string, environmentKey: string): Promise<HoldPlace> {
    const app = await this.directory.app(appKey);
    const environment = await this.directory.environment(environmentKey);
    return { app, environment, appId: app.id, environmentId: environment.id };
  }

  private async viewOf(hold: HoldRow): Promise<HoldDto> {
    return {
      ...placeViewOf(hold, await this.places.around([hold])),
      reason: hold.reason,
      release: hold.releaseNumber === null ? null : releaseName({ number: hold.releaseNumber }),
      created_at: hold.createdAt.toISOString(),
    };
  }
}

interface HoldPlace {
  readonly app: AppRow;
  readonly environment: EnvironmentRow;
  readonly appId: string;
  readonly environmentId: string;
}

function noHold({ app, environment }: HoldPlace): DomainError {
  return new DomainError(
    'not_found',
    `${app.name} is not held in ${environment.name}: automatic deploys go there. POST /apps/${app.name}/hold holds it.`,
  );
}
