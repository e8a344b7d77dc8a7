/** How long what builds leave behind is kept. Null: for ever. */
export interface RetentionPolicy {
  /** The newest releases of each app in each environment that are kept, however old they are. */
  readonly releases: number;
  /** The newest builds of each app that are kept, however old they are. */
  readonly builds: number;
  /** Days that an image which nothing needs is kept in the registry, and on hosts. */
  readonly imageDays: number | null;
  readonly hostImageDays: number | null;
  /** What each build host may keep in its build cache, in bytes. */
  readonly cacheBytes: number | null;
  /** Days that logs are kept after the end of what they are of. */
  readonly logDays: number | null;
}

/** A day, in milliseconds. */
export const DAY = 86_400_000;
