/** What may be known of a secret. */
export interface SecretMark {
  /** The version of the Config Set that set this value. */
  readonly version: number;
  /** Says whether two values of one name are the same, and nothing else of them. */
  readonly fingerprint: string;
}

/** The secrets of a Config Set, by name. */
export type SecretMarks = Readonly<Record<string, SecretMark>>;

/** Whether two are one value: fingerprints change with the key, versions do not. */
export const sameSecret = (one: SecretMark, other: SecretMark): boolean =>
  one.version === other.version || one.fingerprint === other.fingerprint;
