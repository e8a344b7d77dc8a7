import { DomainError } from '../../domain/kernel/errors.js';
import { cleanPath } from '../../domain/source/dockerfile-in-context.js';
import type { SourceListing } from '../../ports/source-code.js';
import type { GitCache } from './git-cache.js';
import type { GitRemote } from './git-remote.js';

/** Longest file that is read into memory, in bytes: far above any Dockerfile, Procfile or `.dockerignore`. */
const LONGEST_FILE = 1024 * 1024;

/** A commit whose files are in the cache. */
export interface CachedCommit {
  readonly sha: string;
  readonly signal: AbortSignal;
}

/** What can be seen of a commit in the cache. */
export function listingOf(cache: GitCache, remote: GitRemote, { sha, signal }: CachedCommit): SourceListing {
  const ask = (args: readonly string[], input = '') => cache.ask(remote, args, { part: 'files', signal, input });
  const inspect = async (path: string) => {
    const format = ['cat-file', '--follow-symlinks', '--batch-check=%(objecttype) %(objectname) %(objectsize)'];
    const [type, id = '', size] = ((await ask(format, `${sha}:${path}\n`)) ?? '').trim().split(' ');
    return { type, id, size: Number(size) };
  };
  return {
    names: async (folder) => {
      const { type, id } = await inspect(cleanPath(folder));
      if (type !== 'tree' && type !== 'commit') return null;
      const lines = (await ask(['ls-tree', '-z', id])) ?? '';
      return lines.split('\0').filter(Boolean).map(nameOf).sort();
    },
    read: async (path) => {
      const clean = cleanPath(path);
      if (clean === '' || /[\n\0]/.test(clean)) return null;
      const { type, id, size } = await inspect(clean);
      if (type !== 'blob') return null;
      if (size > LONGEST_FILE) throw tooLong(path, size);
      return ask(['cat-file', 'blob', id]);
    },
  };
}

/** `040000 tree ID<tab>NAME` */
function nameOf(line: string): string {
  const name = line.slice(line.indexOf('\t') + 1);
  return line.includes(' blob ') && line.indexOf(' blob ') < line.indexOf('\t') ? name : `${name}/`;
}

function tooLong(path: string, size: number): DomainError {
  return new DomainError(
    'unprocessable_entity',
    `${path} has ${size} bytes, but a file that decides about a build may have at most ${LONGEST_FILE}.`,
  );
}
