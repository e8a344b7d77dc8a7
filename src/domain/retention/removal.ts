/** Something that may go, or went. */
export type Removal =
  /** An image of the registry, by digest, with all of its tags. */
  | { readonly kind: 'registry_image'; readonly what: string; readonly host: null; readonly bytes: number | null }
  /** A name of an image on a host, or its id where it has no name. */
  | { readonly kind: 'host_image'; readonly what: string; readonly host: string; readonly bytes: number | null }
  /** What is above the limit of a build host's cache. */
  | { readonly kind: 'build_cache'; readonly what: string; readonly host: string; readonly bytes: number | null };

/** Something of ours that stays, and why. */
export interface Kept {
  readonly kind: 'registry_image' | 'host_image';
  readonly what: string;
  readonly host: string | null;
  readonly why: string;
}

/** What a clean-up would do. */
export interface CleanUpPlan {
  readonly remove: readonly Removal[];
  readonly keep: readonly Kept[];
}
