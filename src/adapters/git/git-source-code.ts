import type { Readable } from 'node:stream';
import { SHA } from '../../domain/kernel/names.js';
import type { SourceCode, SourceLocation } from '../../ports/source-code.js';
import { checkRef } from './check-ref.js';
import { GitCache, type CachePart } from './git-cache.js';
import { GitError } from './git-command.js';
import { ambiguousRef, failureOf, unknownRef } from './git-failure.js';
import { remoteOf, type GitPlaces, type GitRemote } from './git-remote.js';

/** Time for saying which commit a ref is, and for fetching a commit's files, in milliseconds. */
const LIMITS = { question: 20_000, fetch: 600_000 };

const SHORT_SHA = /^[0-9a-f]{4,39}$/;

/** A server that does not know the commit, and one that gives no commit by its id. */
const NO_SUCH_COMMIT = /not our ref|couldn't find remote ref|no such remote ref|bad object/i;
const NOT_BY_ID = /unadvertised object|dumb http|does not support shallow|does not support --depth/i;

const ALL_REFS = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

/**
 * Git repositories through the `git` program, with a cache of bare repositories on disk. Submodules are not fetched, and
 * files of Git LFS are handed on as the pointers that the commit holds.
 */
export class GitSourceCode implements SourceCode {
  private readonly cache: GitCache;

  constructor(
    private readonly places: GitPlaces,
    cacheDirectory: string,
    private readonly limits = LIMITS,
  ) {
    this.cache = new GitCache(cacheDirectory);
  }

  async resolve(source: SourceLocation, ref: string): Promise<string> {
    checkRef(ref);
    const remote = remoteOf(source, this.places);
    const signal = AbortSignal.timeout(this.limits.question);
    try {
      return await this.commitOf(remote, ref, signal);
    } catch (error) {
      throw failureOf(remote, signal.aborted ? new Error(`no answer within ${this.limits.question / 1000} s`) : error);
    }
  }

  async archive(source: SourceLocation, sha: string, signal: AbortSignal): Promise<Readable> {
    const remote = remoteOf(source, this.places);
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(this.limits.fetch)]);
    try {
      if (!SHA.test(sha)) throw unknownRef(remote, sha);
      const part = 'files';
      if (!(await this.has(remote, sha, { part, signal: inTime }))) await this.fetchFiles(remote, sha, inTime);
      return this.cache.stream(remote, ['archive', '--format=tar', sha], { part, signal });
    } catch (error) {
      throw failureOf(remote, error);
    }
  }

  /** A branch comes first, then a tag, then a commit id. */
  private async commitOf(remote: GitRemote, ref: string, signal: AbortSignal): Promise<string> {
    const id = ref.toLowerCase();
    if (SHA.test(id)) return this.proven(remote, { ref, sha: id, signal });
    const named = await this.named(remote, ref, signal);
    if (named !== null) return named.isBranch ? named.sha : this.proven(remote, { ref, sha: named.sha, signal });
    if (SHORT_SHA.test(id)) return this.completed(remote, id, signal);
    throw unknownRef(remote, ref);
  }

  /** What the server says that a name means; an annotated tag counts as what it is put on. */
  private async named(remote: GitRemote, ref: string, signal: AbortSignal): Promise<Named | null> {
    const branches = [`refs/heads/${ref}`, ...(ref === 'HEAD' ? ['HEAD'] : [])];
    const wanted = [...branches, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
    const answer = await this.cache.askServer(remote, ['ls-remote', '--quiet', '--', remote.url, ...wanted], signal);
    const found = new Map(answer.split('\n').map((line) => line.split('\t').reverse() as [string, string]));
    const name = wanted.find((each) => found.has(each));
    return name === undefined ? null : { sha: found.get(name) ?? '', isBranch: branches.includes(name) };
  }

  /** The commit itself is looked at: an id may be that of a file, and a tag may be put on one. */
  private async proven(remote: GitRemote, { ref, sha, signal }: Claim): Promise<string> {
    if (await this.has(remote, sha, { part: 'files', signal })) return sha;
    if (await this.has(remote, sha, { part: 'known', signal })) return sha;
    const part = await this.fetchCommit(remote, sha, signal);
    if (await this.has(remote, sha, { part, signal })) return sha;
    throw unknownRef(remote, ref);
  }

  /** Fetches the commit alone, from a server that can do so; else the history. */
  private async fetchCommit(remote: GitRemote, sha: string, signal: AbortSignal): Promise<CachePart> {
    const options = ['--no-tags', '--depth=1', '--filter=tree:0'];
    const fetch = { part: 'known', options, refs: [`${sha}:refs/commits/${sha}`] } as const;
    return this.cache.fetch(remote, fetch, signal).then(
      () => 'known' as const,
      async (error: unknown) => {
        if (!says(error, NOT_BY_ID)) throw says(error, NO_SUCH_COMMIT) ? unknownRef(remote, sha) : error;
        await this.fetchHistory(remote, signal);
        return 'history' as const;
      },
    );
  }

  /** Only the whole history says which commit a shortened id means. */
  private async completed(remote: GitRemote, id: string, signal: AbortSignal): Promise<string> {
    await this.fetchHistory(remote, signal);
    const use = { part: 'history', signal } as const;
    const answer = await this.cache.ask(remote, ['rev-parse', `--disambiguate=${id}`], use);
    const objects = (answer ?? '').split('\n').filter((line) => SHA.test(line));
    const types = await Promise.all(objects.map((sha) => this.cache.ask(remote, ['cat-file', '-t', sha], use)));
    const commits = objects.filter((_sha, index) => types[index]?.trim() === 'commit');
    if (commits.length > 1) throw ambiguousRef(remote, id, commits.sort());
    return commits[0] ?? missing(remote, id);
  }

  private async fetchHistory(remote: GitRemote, signal: AbortSignal): Promise<void> {
    const options = ['--prune', '--filter=tree:0'];
    await this.cache.fetch(remote, { part: 'history', options, refs: ALL_REFS }, signal);
  }

  private async fetchFiles(remote: GitRemote, sha: string, signal: AbortSignal): Promise<void> {
    const fetch = { part: 'files', options: ['--no-tags', '--depth=1'], refs: [`${sha}:refs/commits/${sha}`] } as const;
    await this.cache.fetch(remote, fetch, signal).catch(async (error: unknown) => {
      if (!says(error, NOT_BY_ID)) throw says(error, NO_SUCH_COMMIT) ? unknownRef(remote, sha) : error;
      await this.cache.fetch(remote, { part: 'files', options: [], refs: ALL_REFS }, signal);
    });
    if (!(await this.has(remote, sha, { part: 'files', signal }))) throw unknownRef(remote, sha);
  }

  private async has(remote: GitRemote, sha: string, use: { part: CachePart; signal: AbortSignal }): Promise<boolean> {
    return (await this.cache.ask(remote, ['cat-file', '-e', `${sha}^{commit}`], use)) !== null;
  }
}

interface Named {
  readonly sha: string;
  readonly isBranch: boolean;
}

/** A commit id that somebody gave, or a server named. */
interface Claim {
  /** What was asked for. */
  readonly ref: string;
  readonly sha: string;
  readonly signal: AbortSignal;
}

function says(error: unknown, words: RegExp): boolean {
  return error instanceof GitError && words.test(error.words);
}

function missing(remote: GitRemote, ref: string): never {
  throw unknownRef(remote, ref);
}
