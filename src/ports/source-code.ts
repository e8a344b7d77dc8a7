import type { Readable } from 'node:stream';

/** Where an app's source lives. */
export interface SourceLocation {
  /** `owner/name` on the configured GitHub, or below the local root. */
  readonly repo: string;
  /** Any Git URL that takes its place; null for none. */
  readonly gitUrl: string | null;
}

/** What a ref means. */
export interface ResolvedRef {
  /** The full commit id. */
  readonly sha: string;
  /** The branch that the ref is; null for a tag and for a commit id. */
  readonly branch: string | null;
}

/** Which files of a commit are wanted. */
export interface SourceSelection {
  /** Folder of the repository that becomes the top of the stream; `.` for all of it. */
  readonly context: string;
  /** Whether a `.dockerignore` (or `DOCKERFILE_PATH.dockerignore`, which goes before it) leaves files out. */
  readonly ignore: 'dockerignore' | 'none';
  /**
   * Path of the Dockerfile from the top of the repository: it is in the stream even where it is ignored or lies outside of
   * the context, at the path that `dockerfileInContext` answers. Null where none is needed.
   */
  readonly dockerfile: string | null;
  /** Ends the fetching and the stream. */
  readonly signal: AbortSignal;
}

/** A look at the files of a commit, without handing them on. Submodules are not looked into. */
export interface SourceListing {
  /** Names in a folder, sorted, folders and submodules with a `/` at their end; null where there is no such folder. `.` is the top. */
  names(folder: string): Promise<readonly string[] | null>;
  /**
   * The text of a file by its path from the top, through symlinks inside the repository; null where there is no such file. One
   * of more than 1 MiB throws `unprocessable_entity`.
   */
  read(path: string): Promise<string | null>;
}

/**
 * Git repositories. Unknown or empty repositories, unknown refs, and submodules or files of Git LFS that cannot be had throw
 * `unprocessable_entity`; a silent server throws `unavailable`.
 */
export interface SourceCode {
  /** What a branch, tag or (shortened) commit id means. */
  resolve(source: SourceLocation, ref: string): Promise<ResolvedRef>;
  /**
   * The files of a commit as a tar stream: submodules in their places, files of Git LFS with their content, sorted by path, all
   * with the same time. Everything that comes from a server is there before this resolves, so that only a disk can break the
   * stream.
   */
  archive(source: SourceLocation, sha: string, selection: SourceSelection): Promise<Readable>;
  /** Looks at the files of a commit. The answer may be used as long as the signal is not aborted. */
  listing(source: SourceLocation, sha: string, signal: AbortSignal): Promise<SourceListing>;
}

/** Injection token of {@link SourceCode}. */
export const SOURCE_CODE = Symbol('SourceCode');
