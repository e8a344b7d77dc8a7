/** A restart that was asked for. */
export interface WantedRestart {
  /** Of one worker; null for all. */
  readonly workerId: string | null;
  /** Only of those whose check does not pass. */
  readonly onlyUnhealthy: boolean;
}
