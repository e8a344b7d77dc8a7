import type { Readable } from 'node:stream';

/** Where an app's source lives. */
export interface SourceLocation {
  /** `owner/name` on the configured GitHub, or below the local root. */
  readonly repo: string;
  /** Any Git URL that takes its place; null for none. */
  readonly gitUrl: string | null;
}

/** Git repositories. Unknown repositories and refs throw `unprocessable_entity`; a silent server throws `unavailable`. */
export interface SourceCode {
  /** The full commit id of a branch, tag or (shortened) commit id. */
  resolve(source: SourceLocation, ref: string): Promise<string>;
  /** The files of a commit as a tar stream. */
  archive(source: SourceLocation, sha: string, signal: AbortSignal): Promise<Readable>;
}

/** Injection token of {@link SourceCode}. */
export const SOURCE_CODE = Symbol('SourceCode');
