import type { Host } from '../domain/host/host.js';

/** An image on a host. */
export interface HostImage {
  /** Docker's own id, `sha256:…`. */
  readonly id: string;
  /** Its names: `registry/app:sha`, `registry/app@sha256:…`; none of one that lost them all. */
  readonly names: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** In bytes; layers are shared, so sums are too high. */
  readonly bytes: number;
  /** When it was made, which is before it came to this host: ISO 8601, UTC. */
  readonly createdAt: string;
  /** Whether a container of the host, running or not, is made of it. */
  readonly used: boolean;
}

/** What the builder of a host keeps, so that the next build is quick. */
export interface BuildCache {
  readonly bytes: number;
}

/**
 * Images, build cache and room on the disks of the hosts. A host that does not answer throws a DomainError `unavailable`
 * that names it; what Docker refuses throws `unprocessable_entity` with its words.
 */
export interface HostImages {
  /** All images of the host, also those of others. */
  list(host: Host): Promise<readonly HostImage[]>;
  /**
   * Takes one name from an image, or by its id one that has no name; with its last name it is gone. Never by force: one
   * that a container is made of stays. False when it was not there, or is in use.
   */
  remove(host: Host, nameOrId: string): Promise<boolean>;
  /** The build cache of the host. */
  buildCache(host: Host): Promise<BuildCache>;
  /** Removes what was longest unused from the build cache, until so many bytes are left; answers the bytes that it gave back. */
  pruneBuildCache(host: Host, keepBytes: number): Promise<number>;
  /** Bytes that are free where Docker keeps its data; null where nobody can tell. */
  freeDisk(host: Host): Promise<number | null>;
}

/** Injection token of {@link HostImages}. */
export const HOST_IMAGES = Symbol('HostImages');
