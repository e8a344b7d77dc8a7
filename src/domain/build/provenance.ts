/** Where an image comes from. */
export interface Provenance {
  /** The commit: its URL and id. */
  readonly source: string;
  readonly sha: string;
  /** What built it: `BuildKit of Docker 20.10.24`, or the builder image by digest. */
  readonly builder: string;
  /** What it stands on, by digest where it is known; empty for `FROM scratch`. */
  readonly baseImages: readonly string[];
  /** The host that built it. */
  readonly host: string;
  /** Who asked; null where nobody did. */
  readonly requestedBy: string | null;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
}
