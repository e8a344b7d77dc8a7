/** Whose story a log line belongs to. */
export type LogSubject = 'build' | 'deploy' | 'reconcile' | 'run';

/** How grave a line is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a printed line was written; `status` is the builder's own word. */
export type LogStream = 'stdout' | 'stderr' | 'status';

/** One line of the log of a build, a deploy, a reconcile or a run. */
export interface LogLine {
  /** Its place in the log of its subject; grows, with gaps. */
  readonly position: string;
  readonly timestamp: Date;
  /** Who speaks: `docker`, `git`, `engine`, or a container's name. */
  readonly logger: string;
  readonly level: LogLevel;
  readonly text: string;
  /** Where it was written; null for what Jockey says itself. */
  readonly stream: LogStream | null;
  /** The step of a build that it belongs to; null for none. */
  readonly step: string | null;
}
