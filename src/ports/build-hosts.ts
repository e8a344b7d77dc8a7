import type { Readable } from 'node:stream';
import type { Host } from '../domain/host/host.js';
import type { BuildLine } from '../domain/build/build-line.js';

/** Where output goes as it comes, and what ends the work early. */
export interface BuildOutput {
  /**
   * Takes a line. What it answers is awaited before more is read, so that whoever writes the lines sets the pace: nothing
   * is dropped and nothing piles up.
   */
  readonly onLine: (line: BuildLine) => void | Promise<void>;
  readonly signal: AbortSignal;
}

/** An image made of a Dockerfile: all as data, no shell anywhere. */
export interface ImageBuild extends BuildOutput {
  /** Id of the build; by it what is under way is found and ended. */
  readonly buildId: string;
  /** The build context, a tar stream, without what is ignored. It is consumed. */
  readonly context: Readable;
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string;
  /** The stage to build; null for the last. */
  readonly target: string | null;
  /** Build arguments; never secrets, as they can be read from the image. */
  readonly args: Readonly<Record<string, string>>;
  /** Values by id, for `RUN --mount=type=secret,id=…`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Images whose layers may be used again; one that is not there is no fault. */
  readonly cacheFrom: readonly string[];
  /** `registry/app:sha` */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What came of a build. */
export interface ImageBuilt {
  /** What it stands on, by digest where it is known: `registry/base@sha256:…`. */
  readonly baseImages: readonly string[];
}

/** What pushes an image. */
export interface ImagePush extends BuildOutput {
  readonly tag: string;
}

/**
 * The Docker engines of the hosts that build. A host that does not answer throws a DomainError `unavailable` that names
 * it; what Docker refuses, and a build that fails, throws `unprocessable_entity` with the step and its words.
 */
export interface BuildHosts {
  /** Builds an image with a Dockerfile; resolves when it is on the host under its tag. */
  build(host: Host, build: ImageBuild): Promise<ImageBuilt>;
  /** Pushes an image and answers the digest, `sha256:…`, under which the registry holds it. */
  push(host: Host, push: ImagePush): Promise<string>;
}

/** Injection token of {@link BuildHosts}. */
export const BUILD_HOSTS = Symbol('BuildHosts');
