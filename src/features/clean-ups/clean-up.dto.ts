import type { CleanUpState } from '../../domain/retention/clean-up-lifecycle.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** Something that may go, or went. */
export class RemovalDto {
  /** `registry_image`, `host_image` or `build_cache`. */
  kind!: string;

  /** The image by digest, a name of it on a host, or the build cache. */
  what!: string;

  /** The host; null for the registry. */
  host!: string | null;

  /** Bytes that come free, as far as they are known; layers are shared, so it may be too many. Null where nobody knows. */
  bytes!: number | null;
}

/** Something of ours that stays. */
export class KeptDto {
  /** `registry_image` or `host_image`. */
  kind!: string;

  /** The image by digest, or a name of it on a host. */
  what!: string;

  /** The host; null for the registry. */
  host!: string | null;

  /** Why it stays. */
  why!: string;
}

/** How long what builds leave behind is kept, as the operator set it; null is for ever. */
export class RetentionPolicyDto {
  /** The newest releases of each app in each environment whose images are kept. */
  releases!: number;

  /** The newest builds of each app whose images are kept. */
  builds!: number;

  /** Days in the registry. */
  image_days!: number | null;

  /** Days on hosts. */
  host_image_days!: number | null;

  /** Bytes of the build cache of each build host. */
  build_cache_bytes!: number | null;

  /** Days of logs. */
  log_days!: number | null;
}

/** What a clean-up would do now. */
export class CleanUpPreviewDto {
  /** What the operator set. */
  policy!: RetentionPolicyDto;

  /** What would be removed. */
  remove!: RemovalDto[];

  /** What is ours and stays. */
  keep!: KeptDto[];

  /** How many logs of builds, deploys and reconciles would be removed. */
  logs!: number;

  /** What could not be looked at, a sentence each; nothing of it would be removed. */
  troubles!: string[];
}

/** A clean-up, and what it removed. */
export class CleanUpDto {
  /** Its id. */
  id!: string;

  /** `requested`, `running`, `completed` or `failed`. */
  state!: CleanUpState;

  /** Who asked; null where the time had come. */
  requested_by!: string | null;

  /** The first thousand things that it removed. */
  removed!: RemovalDto[];

  /** How many things it removed. */
  removed_count!: number;

  /** Bytes that came free, as far as they are known. */
  bytes!: number;

  /** How many logs it removed. */
  logs_removed!: number;

  /** What could not be looked at or removed, a sentence each. */
  troubles!: string[];

  /** Why it came to nothing; null where it did not. */
  failure_reason!: string | null;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When an engine began: ISO 8601, UTC; null before. */
  started_at!: string | null;

  /** When it ended: ISO 8601, UTC; null before. */
  completed_at!: string | null;
}

/** Which clean-ups are listed. */
export class ListCleanUpsDto extends PageQueryDto {}

const IMAGE = `registry.example.com/shop@sha256:${'3f'.repeat(32)}`;

const REMOVAL_EXAMPLE: RemovalDto = { kind: 'registry_image', what: IMAGE, host: null, bytes: 48_234_112 };

/** A clean-up as an answer shows it. */
export const CLEAN_UP_EXAMPLE: CleanUpDto = {
  id: '12',
  state: 'completed',
  requested_by: 'octocat',
  removed: [REMOVAL_EXAMPLE],
  removed_count: 1,
  bytes: 48_234_112,
  logs_removed: 0,
  troubles: [],
  failure_reason: null,
  created_at: '2026-11-21T03:36:00.000Z',
  started_at: '2026-11-21T03:36:00.120Z',
  completed_at: '2026-11-21T03:36:04.800Z',
};

/** A preview as an answer shows it. */
export const PREVIEW_EXAMPLE: CleanUpPreviewDto = {
  policy: {
    ...{ releases: 10, builds: 5, image_days: 30, host_image_days: 7 },
    ...{ build_cache_bytes: null, log_days: null },
  },
  remove: [REMOVAL_EXAMPLE],
  keep: [
    {
      kind: 'registry_image',
      what: `registry.example.com/shop@sha256:${'a0'.repeat(32)}`,
      host: null,
      why: 'release v41 of shop in production is one of the newest 10',
    },
  ],
  logs: 0,
  troubles: [],
};
