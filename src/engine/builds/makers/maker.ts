import type { ProcessType } from '../../../domain/build/process-type.js';
import type { Host } from '../../../domain/host/host.js';
import type { BuildLine } from '../../../domain/build/build-line.js';
import type { AppRow, BuildRow } from '../../../store/entities/index.js';
import type { BuildLog } from '../build-log.js';
import type { BuildPlace } from '../build-places.js';

/** Where a build tells its story, and what ends it early. */
export interface Making {
  readonly log: BuildLog;
  /** The host that it was given. */
  readonly place: BuildPlace;
  /** Writes down where it has come to. */
  readonly phase: (phase: 'building' | 'pushing') => Promise<void>;
  /** Once it is aborted, what was started on the host is ended, and the maker rejects when that is proven. */
  readonly signal: AbortSignal;
}

/** An image to be made, by one method on one host. */
export interface MakingTask extends Making {
  readonly build: BuildRow;
  readonly app: AppRow;
  readonly host: Host;
  /** The builder image of buildpacks; null for a Dockerfile. */
  readonly builderImage: string | null;
  /** `registry/app:sha` */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly onLine: (line: BuildLine) => void | Promise<void>;
}

/** An image that is in the registry. */
export interface Made {
  /** `sha256:…` */
  readonly digest: string;
  /** What built it, in words: `BuildKit`, or the builder image by digest. */
  readonly builder: string;
  /** What it stands on, by digest where it is known. */
  readonly baseImages: readonly string[];
  /** The processes that it can run, where its method tells. */
  readonly processTypes: readonly ProcessType[];
}

/** One way to make an image: source, build, push. Throws what went wrong as one sentence. */
export interface Maker {
  make(task: MakingTask): Promise<Made>;
}
