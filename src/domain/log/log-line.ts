/** Whose story a log line belongs to. */
export type LogSubject = 'build' | 'deploy' | 'reconcile';

/** How grave a line is. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log of a build, a deploy or a reconcile. */
export interface LogLine {
  /** Its place in the log of its subject; grows, with gaps. */
  readonly position: string;
  readonly timestamp: Date;
  /** Who speaks: `docker`, `git`, `engine`, or a container's name. */
  readonly logger: string;
  readonly level: LogLevel;
  readonly text: string;
}
