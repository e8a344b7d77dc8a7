import { SCALING_MODES, type ScalingMode } from '../../domain/host-pool/host-pool.js';
import { OneOf } from '../../http/input/fields.js';

/** What counts for the scaling of all pools and workers. */
export class ScalingDto {
  /** `automatic`, or `advice`: everything that scales by itself only tells what it would do. */
  mode!: ScalingMode;

  /** The mark of this Jockey, by which its groups are known. */
  installation_id!: string;

  /** Who changed it last; null where nobody did. */
  changed_by!: string | null;

  /** When: ISO 8601, UTC. */
  updated_at!: string;
}

/** The switch as an answer shows it. */
export const SCALING_EXAMPLE: ScalingDto = {
  mode: 'automatic',
  installation_id: '0b8c7d1e-54a5-4f0b-9a1c-0f6a3c2f9d11',
  changed_by: 'octocat',
  updated_at: '2026-11-21T03:36:00.000Z',
};

/** Another position of the switch. */
export class UpdateScalingDto {
  /** `automatic` or `advice`. */
  @OneOf(SCALING_MODES, { example: 'advice' })
  mode!: ScalingMode;
}
