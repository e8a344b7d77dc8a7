import type { Readable } from 'node:stream';
import type { Host } from '../domain/host/host.js';
import type { BuildLine } from '../domain/build/build-line.js';
import type { ProcessType } from '../domain/build/process-type.js';

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

/** What makes an image by buildpacks, in a container of a builder image. No variable of any environment is in it. */
export interface BuildpacksBuild extends BuildOutput {
  /** Id of the build; the container carries it as its label. */
  readonly buildId: string;
  /** What the container is called; one of this name that an earlier try left is removed first. */
  readonly containerName: string;
  readonly builderImage: string;
  /** The files of the commit, a tar stream. It is consumed. */
  readonly source: Readable;
  /**
   * The app, and the volume of the host that keeps what its buildpacks want to find again. Where another build has it at
   * this moment, this one goes without.
   */
  readonly cache: { readonly app: string; readonly volume: string };
  /** `registry/app:sha` */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What makes an image by the lifecycle of Cloud Native Buildpacks. */
export interface LifecycleBuild extends BuildpacksBuild {
  /** What the image is to stand on; null for what the builder image says. */
  readonly runImage: string | null;
  /** The app's newest image, whose layers may be used again; null for none. One that is not there is no fault. */
  readonly previousImage: string | null;
  /** Registries that are spoken to without TLS, `host:port`. */
  readonly plainHttp: readonly string[];
}

/** What came of buildpacks. */
export interface BuildpacksBuilt {
  /** The builder image by digest, where its registry said one; else by its id. */
  readonly builder: string;
  /** What the image stands on, by digest where it is known. */
  readonly baseImages: readonly string[];
  readonly processTypes: readonly ProcessType[];
}

/** What came of the lifecycle, which pushes by itself. */
export interface LifecycleBuilt extends BuildpacksBuilt {
  /** `sha256:…`, as the lifecycle reports it. */
  readonly digest: string;
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
  /**
   * Builds an image by the classic contract of Buildstep: the source at `/app`, `/build/builder` run, the container
   * committed with `/start web` as its command. It is on the host then, under its tag.
   */
  buildstep(host: Host, build: BuildpacksBuild): Promise<BuildpacksBuilt>;
  /** Has the lifecycle's `creator` in the builder image build an image and push it to its tag. */
  lifecycle(host: Host, build: LifecycleBuild): Promise<LifecycleBuilt>;
  /** Ends and removes the container of buildpacks of this name; resolves when there is none. One that is no build's is refused. */
  removeContainer(host: Host, name: string): Promise<void>;
}

/** Injection token of {@link BuildHosts}. */
export const BUILD_HOSTS = Symbol('BuildHosts');
