import type { CapacityDecision } from '../../domain/capacity/capacity.js';
import type { PoolSight } from '../../domain/host-pool/pool-sight.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { offerViewOf } from './host-pool-view.js';
import type { PoolDecisionDto, PoolPreviewDto } from './pool-preview.dto.js';

/** What is known of a pool that would be. */
export interface PreviewFacts {
  /** How many hosts Jockey wants now. */
  readonly from: number;
  readonly actions: readonly string[];
  readonly sight: PoolSight;
  readonly troubles: readonly string[];
  readonly decision: PoolDecisionDto | null;
}

/** A preview as the API shows it. */
export function previewOf(
  row: HostPoolRow,
  { sight, from, actions, troubles, decision }: PreviewFacts,
): PoolPreviewDto {
  return {
    stack: sight.stack,
    environment: sight.environment,
    from_hosts: from,
    min_hosts: row.minHosts,
    max_hosts: row.maxHosts,
    to_hosts: row.desiredHosts,
    offer: offerViewOf(row),
    actions: [...actions],
    decision,
    mode: sight.mode,
    troubles: [...troubles],
  };
}

/** A decision as the API shows it; hosts that the group does not know are counted in it, and taken off. */
export function decisionViewOf(decision: CapacityDecision, strangers: number): PoolDecisionDto {
  return {
    desired_hosts: Math.max(0, decision.desired - strangers),
    cause: decision.cause,
    reason: decision.reason,
    leave: [...decision.leave],
    stay: [...decision.stay],
    beyond_max: decision.beyondMax,
    never: decision.never.map(({ who, worker, count, because }) => ({ who, worker, count, because })),
  };
}
