import type { Resources } from '../host/host.js';

/**
 * Where the hosts of a pool come from: an AWS Auto Scaling Group, or operators, who register them in Consul themselves
 * (`static`).
 */
export const HOST_POOL_KINDS = ['auto_scaling_group', 'static'] as const;

/** One of {@link HOST_POOL_KINDS}. */
export type HostPoolKind = (typeof HOST_POOL_KINDS)[number];

/** Whether what capacity planning says is done, or only told. */
export const SCALING_MODES = ['automatic', 'advice'] as const;

/** One of {@link SCALING_MODES}. */
export type ScalingMode = (typeof SCALING_MODES)[number];

/** How a pool is scaled. Times are in seconds. */
export interface ScalingPolicy {
  /** The fewest hosts. */
  readonly min: number;
  /** The most hosts. */
  readonly max: number;
  readonly mode: ScalingMode;
  /** Share of what is reserved that stays free beside it, in percent. */
  readonly headRoomPercent: number;
  /** How long fewer hosts must have been enough before one leaves: what keeps a pool from going to and fro. */
  readonly scaleInAfterSeconds: number;
  /** How long after a change of the desired count no host leaves. */
  readonly coolDownSeconds: number;
  /** Whether a pool in which nothing is wanted may have no host at all; `min` is then 0. */
  readonly scaleToZero: boolean;
  /** A host that is not in Consul so long after its launch never joins: it is replaced. */
  readonly joinDeadlineSeconds: number;
  /** A host that leaves is let go at the latest after so long, emptied or not. */
  readonly drainDeadlineSeconds: number;
  /** How long a deploy waits for the hosts that it needs. */
  readonly waitForRoomSeconds: number;
}

/** What new hosts are made of; null for a group that was made elsewhere and whose template is left as it is. */
export interface LaunchSettings {
  /** The machine image: `ami-…`. */
  readonly imageId: string;
  /** At least one; the group takes what it can get, in this order. */
  readonly instanceTypes: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly instanceProfile: string | null;
  readonly keyName: string | null;
}

/** What one host of a pool offers to containers; null where nobody knows yet. */
export type HostOffer = Resources | null;
