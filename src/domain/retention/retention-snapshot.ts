import type { RetentionPolicy } from './retention-policy.js';

/** A build, as far as its image is concerned. */
export interface RetainedBuild {
  readonly id: string;
  /** The repository that its app pushes to: `registry/shop`. */
  readonly repository: string;
  readonly sha: string;
  /** `progress`: its image may be made and pushed at this moment. `gone`: it failed, or its image was removed. */
  readonly state: 'progress' | 'completed' | 'gone';
  /** By digest; null while there is none. */
  readonly image: string | null;
  /** When it ended, or was asked for where it has not; in milliseconds. */
  readonly at: number;
}

/** A release and its image. */
export interface RetainedRelease {
  /** What says of which app in which environment it is: `shop in production`. */
  readonly place: string;
  readonly number: number;
  /** By digest. */
  readonly image: string;
}

/** Something that needs an image, whatever its age. */
export interface ImageNeed {
  /** By digest. */
  readonly image: string;
  /** What needs it, as a sentence without its end: `deploy 42 of shop in production runs it`. */
  readonly why: string;
}

/** An image that the registry holds in one of our repositories. */
export interface StoredImage {
  /** By digest: `registry/shop@sha256:…`. */
  readonly image: string;
  readonly tags: readonly string[];
}

/** An image that a host holds. */
export interface HeldImage {
  readonly id: string;
  readonly names: readonly string[];
  /** Whether it carries the label of a build of Jockey's. */
  readonly labelled: boolean;
  readonly bytes: number;
  /** When it was made, in milliseconds. */
  readonly createdAt: number;
  /** Whether a container is made of it. */
  readonly used: boolean;
}

/** A host and what is on its disk. */
export interface HostStock {
  readonly host: string;
  readonly images: readonly HeldImage[];
  /** Whether a build is in progress on it. */
  readonly building: boolean;
  /** Its build cache, in bytes; null where it builds nothing. */
  readonly cacheBytes: number | null;
}

/** All that a clean-up is decided by. */
export interface RetentionSnapshot {
  /** In milliseconds. */
  readonly now: number;
  readonly policy: RetentionPolicy;
  /** Builds of the apps that Jockey knows; only what is in their repositories can be ours. */
  readonly builds: readonly RetainedBuild[];
  readonly releases: readonly RetainedRelease[];
  readonly needs: readonly ImageNeed[];
  readonly stored: readonly StoredImage[];
  readonly hosts: readonly HostStock[];
}
