import { Injectable } from '@nestjs/common';
import { fewerHosts } from '../../domain/capacity/fewer-hosts.js';
import { planCapacity } from '../../domain/capacity/plan-capacity.js';
import { isWhole } from '../../domain/host-pool/pool-sight.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { PoolCapacities } from '../../observation/pool-capacities.js';
import { type PoolSight, PoolSights } from '../../observation/pool-sights.js';
import { HostPoolRow } from '../../store/entities/index.js';
import type { CreateHostPoolDto, UpdateHostPoolDto } from './host-pool-input.dto.js';
import { HostPoolsService } from './host-pools.service.js';
import { changeActions, creationActions } from './pool-actions.js';
import { PoolDrafts } from './pool-drafts.js';
import type { FewerHostsDto } from './pool-history.dto.js';
import type { PoolPreviewDto } from './pool-preview.dto.js';
import { decisionViewOf, previewOf } from './pool-preview-view.js';

/** The id of no pool: nothing is written down of the hosts of one that is not there yet. */
const NONE = '0';

/** What would be, asked of the same functions that decide when it is done. */
@Injectable()
export class PoolPreviewsService {
  constructor(
    private readonly pools: HostPoolsService,
    private readonly drafts: PoolDrafts,
    private readonly sights: PoolSights,
    private readonly capacities: PoolCapacities,
  ) {}

  async ofNew(body: CreateHostPoolDto): Promise<PoolPreviewDto> {
    const { pool, seen } = await this.drafts.ofNew(body);
    await this.refuseTaken(pool);
    const row = Object.assign(new HostPoolRow(), BEGIN, pool, { id: NONE });
    return this.preview(row, { from: 0, actions: creationActions(row, seen), isThere: seen !== null });
  }

  async ofChange(id: string, body: UpdateHostPoolDto): Promise<PoolPreviewDto> {
    const before = await this.pools.row(id);
    const { apply } = await this.drafts.ofChange(before, body);
    const after = apply(before);
    const actions = changeActions(before, after);
    return this.preview(after, { from: before.desiredHosts, actions, isThere: true });
  }

  /** What would fit on fewer hosts now. */
  async fewerHosts(id: string): Promise<FewerHostsDto> {
    const row = await this.pools.row(id);
    const sight = await this.sights.of(row);
    if (!isWhole(sight)) throw new DomainError('unavailable', troublesOf(sight).join(' '));
    const { snapshot } = await this.capacities.of(row, sight);
    const { now, enough, leave, moves, sentence, obstacles } = fewerHosts(snapshot);
    return { hosts: now, enough, leave: [...leave], moves, sentence, obstacles: [...obstacles] };
  }

  /** Of a group that is not there yet nothing can be planned but by its own limits: its hosts are all to come. */
  private async preview(
    row: HostPoolRow,
    { isThere, ...change }: { readonly from: number; readonly actions: readonly string[]; readonly isThere: boolean },
  ): Promise<PoolPreviewDto> {
    const seen = await this.sights.of(row);
    const sight = isThere ? seen : { ...seen, groupTrouble: null };
    const troubles = troublesOf(sight);
    const { snapshot, strangers } = await this.capacities.of(row, sight);
    const decision = troubles.length > 0 ? null : decisionViewOf(planCapacity(snapshot), strangers);
    return previewOf(row, { ...change, sight, troubles, decision });
  }

  private async refuseTaken({ stackId, environmentId }: Pick<HostPoolRow, 'stackId' | 'environmentId'>): Promise<void> {
    const there = await this.pools.at(stackId, environmentId);
    if (there !== null)
      throw new DomainError('conflict', `There is a pool of this stack in this environment already: ${there.id}.`);
  }
}

/** What a pool begins with where nothing is said, as its columns have it. */
const BEGIN = {
  ...{ mode: 'automatic', headRoomPercent: 10, scaleInAfterSeconds: 600, coolDownSeconds: 120 },
  ...{ joinDeadlineSeconds: 600, drainDeadlineSeconds: 1800, waitForRoomSeconds: 900 },
  ...{ surplusSince: null, scaledAt: null, advice: null, trouble: null, troubleSince: null, deletedAt: null },
} as const;

const troublesOf = ({ groupTrouble, consulTrouble }: PoolSight): string[] =>
  [groupTrouble, consulTrouble].flatMap((trouble) => trouble ?? []);
