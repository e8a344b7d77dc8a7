import type { BuildLine } from '../../../domain/build/build-line.js';
import type { ProcessType } from '../../../domain/build/process-type.js';
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

/** An image to be made. */
export interface MakingTask extends Making {
  readonly build: BuildRow;
  readonly app: AppRow;
  /** `registry/app:sha` */
  readonly tag: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The app's newest image, by digest, of which parts may be used again; null for none. */
  readonly previousImage: string | null;
  readonly onLine: (line: BuildLine) => void | Promise<void>;
}

/** An image to be made by buildpacks. */
export interface BuildpacksTask extends MakingTask {
  readonly builderImage: string;
}

/** An image that is in the registry. */
export interface Made {
  /** `sha256:…` */
  readonly digest: string;
  /** What built it, in words: `BuildKit`, or the builder image by digest. */
  readonly builder: string;
  /** What it stands on, by digest where it is known. */
  readonly baseImages: readonly string[];
  /** The processes that it can run, where its method tells; null where it does not. */
  readonly processTypes: readonly ProcessType[] | null;
}

/** One way to make an image: source, build, push. Throws what went wrong as one sentence. */
export interface Maker<Task extends MakingTask = MakingTask> {
  make(task: Task): Promise<Made>;
}
