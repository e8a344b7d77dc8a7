import type { Host } from '../domain/host/host.js';
import type { OutputLine } from '../domain/log/output-line.js';

/** Which lines of a container are wanted. */
export interface LinesWanted {
  /** Only lines from this moment on, in nanoseconds since 1970 on the host's clock; null for all. */
  readonly since: bigint | null;
  /** Only so many of the last ones. */
  readonly tail: number;
}

/** What containers print, as the engines of their hosts keep it: the last tens of megabytes, until they are removed. */
export interface ContainerLogs {
  /**
   * What a container has printed, in the order of its engine; null where there is no such container. A host that does
   * not answer throws a DomainError `unavailable` that names it.
   */
  read(host: Host, name: string, wanted: LinesWanted): Promise<readonly OutputLine[] | null>;
  /**
   * What a container prints from a moment on, as it comes; nothing more is read before what was given is taken. Ends
   * when the container ends or is gone, and when aborted; a connection that breaks throws `unavailable`.
   */
  follow(host: Host, name: string, wanted: LinesFollowed): AsyncIterable<readonly OutputLine[]>;
}

/** From when on a container is followed, and until when. */
export interface LinesFollowed {
  readonly since: bigint | null;
  readonly signal: AbortSignal;
}

/** Injection token of {@link ContainerLogs}. */
export const CONTAINER_LOGS = Symbol('ContainerLogs');
