import { Inject, Injectable } from '@nestjs/common';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { ScalingSettingsRow } from '../../store/entities/index.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { ScalingSwitch } from '../../store/repositories/scaling-switch.js';
import type { ScalingDto, UpdateScalingDto } from './scaling.dto.js';

/** The switch for all that scales by itself. */
@Injectable()
export class ScalingService {
  constructor(
    private readonly pools: HostPoolRecords,
    private readonly scaling: ScalingSwitch,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async get(): Promise<ScalingDto> {
    return viewOf(await this.pools.settings());
  }

  /** Every pool is looked at, whether anything changed or not: the one who said it first may have died before. */
  async update({ mode }: UpdateScalingDto): Promise<ScalingDto> {
    await this.scaling.turn(mode);
    for (const { id } of await this.pools.all()) await this.queue.send({ kind: 'host_pool', poolId: id });
    return this.get();
  }
}

function viewOf({ mode, installationId, changedBy, updatedAt }: ScalingSettingsRow): ScalingDto {
  return { mode, installation_id: installationId, changed_by: changedBy, updated_at: updatedAt.toISOString() };
}
