import type { Readable } from 'node:stream';
import { SHA } from '../../domain/kernel/names.js';
import { rulesOf } from '../../domain/outbound/outbound-rules.js';
import { cleanPath } from '../../domain/source/dockerfile-in-context.js';
import type {
  ResolvedRef,
  SourceCode,
  SourceListing,
  SourceLocation,
  SourceSelection,
} from '../../ports/source-code.js';
import { checkRef } from './check-ref.js';
import { GitCache, type CachePart } from './git-cache.js';
import { GitError } from './git-command.js';
import { ambiguousRef, failureOf, unknownRef } from './git-failure.js';
import { listingOf } from './git-listing.js';
import { LfsFiles } from './lfs-files.js';
import { emptyRepository, nothingToBuild } from './source-faults.js';
import { streamOf } from './source-tar.js';
import { SourceSurvey } from './source-survey.js';
import { selectionOf } from './selection.js';
import { remoteOf, type GitPlaces, type GitRemote } from './git-remote.js';

/** Time for saying which commit a ref is, and for fetching a commit's files, in milliseconds. */
const LIMITS = { question: 20_000, fetch: 600_000 };

const SHORT_SHA = /^[0-9a-f]{4,39}$/;

/** A server that does not know the commit, and one that gives no commit by its id. */
const NO_SUCH_COMMIT = /not our ref|couldn't find remote ref|no such remote ref|bad object/i;
const NOT_BY_ID = /unadvertised object|dumb http|does not support shallow|does not support --depth/i;

/** How a server says which branch HEAD stands for. */
const SYMBOLIC = /^ref: /;
const BRANCH = /^refs\/heads\/(.+)$/;
const ALL_REFS = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];

/**
 * Git repositories through the `git` program, with a cache of bare repositories on disk. Submodules are fetched as the app's
 * own repository is, and files of Git LFS by its batch API.
 */
export class GitSourceCode implements SourceCode {
  private readonly cache: GitCache;
  private readonly survey: SourceSurvey;

  constructor(
    private readonly places: GitPlaces,
    cacheDirectory: string,
    private readonly limits = LIMITS,
  ) {
    this.cache = new GitCache(cacheDirectory);
    const lfs = new LfsFiles(places.outbound ?? rulesOf(''));
    this.survey = new SourceSurvey(places, lfs, (...asked) => this.fetchFiles(...asked));
  }

  async resolve(source: SourceLocation, ref: string): Promise<ResolvedRef> {
    checkRef(ref);
    const remote = remoteOf(source, this.places);
    const signal = AbortSignal.timeout(this.limits.question);
    try {
      return await this.commitOf(remote, ref, signal);
    } catch (error) {
      throw failureOf(remote, signal.aborted ? new Error(`no answer within ${this.limits.question / 1000} s`) : error);
    }
  }

  async archive(source: SourceLocation, sha: string, wanted: SourceSelection): Promise<Readable> {
    const remote = remoteOf(source, this.places);
    const inTime = AbortSignal.any([wanted.signal, AbortSignal.timeout(this.limits.fetch)]);
    try {
      await this.fetchFiles(remote, sha, inTime);
      const selection = await selectionOf(wanted, listingOf(this.cache, remote, { sha, signal: inTime }));
      const { part, files } = await this.survey.survey(
        { remote, sha, at: '' },
        { cache: this.cache, selection, signal: inTime },
      );
      if (files === 0 && selection.dockerfile === null) throw nothingToBuild(remote.name, cleanPath(wanted.context));
      return streamOf(part, { cache: this.cache, selection, signal: wanted.signal });
    } catch (error) {
      throw failureOf(remote, error);
    }
  }

  async listing(source: SourceLocation, sha: string, signal: AbortSignal): Promise<SourceListing> {
    const remote = remoteOf(source, this.places);
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(this.limits.fetch)]);
    try {
      await this.fetchFiles(remote, sha, inTime);
      return listingOf(this.cache, remote, { sha, signal });
    } catch (error) {
      throw failureOf(remote, error);
    }
  }

  /** A branch comes first, then a tag, then a commit id. */
  private async commitOf(remote: GitRemote, ref: string, signal: AbortSignal): Promise<ResolvedRef> {
    const id = ref.toLowerCase();
    const commit = (sha: string) => ({ sha, branch: null });
    if (SHA.test(id)) return commit(await this.proven(remote, { ref, sha: id, signal }));
    const named = await this.named(remote, ref, signal);
    if (named !== null && named.branch !== null) return { sha: named.sha, branch: named.branch };
    if (named !== null) return commit(await this.proven(remote, { ref, sha: named.sha, signal }));
    await this.refuseEmpty(remote, signal);
    if (SHORT_SHA.test(id)) return commit(await this.completed(remote, id, signal));
    throw unknownRef(remote, ref);
  }

  /** What the server says that a name means; an annotated tag counts as what it is put on, and HEAD as the branch it stands for. */
  private async named(remote: GitRemote, ref: string, signal: AbortSignal): Promise<ResolvedRef | null> {
    const heads = ref === 'HEAD' ? ['HEAD'] : [];
    const wanted = [`refs/heads/${ref}`, ...heads, `refs/tags/${ref}^{}`, `refs/tags/${ref}`];
    const args = ['ls-remote', '--quiet', '--symref', '--', remote.url, ...wanted];
    const lines = (await this.cache.askServer(remote, args, signal)).split('\n').map((line) => line.split('\t'));
    const of = (prefix: RegExp) => lines.filter(([value = '']) => prefix.test(value));
    const ids = new Map(of(SHA).map(([sha = '', name = '']) => [name, sha]));
    const name = wanted.find((each) => ids.has(each));
    if (name === undefined) return null;
    const [symbolic] = of(SYMBOLIC);
    return {
      sha: ids.get(name) ?? '',
      branch: branchOf(name === 'HEAD' ? symbolic?.[0]?.slice('ref: '.length) : name),
    };
  }

  /** Without a commit no ref can be right: what is missing is the first push. */
  private async refuseEmpty(remote: GitRemote, signal: AbortSignal): Promise<void> {
    const heads = await this.cache.askServer(remote, ['ls-remote', '--quiet', '--', remote.url, 'refs/*'], signal);
    if (heads.trim() === '') throw emptyRepository(remote.name);
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

  /** Sees to it that the files of a commit are in the cache. */
  private async fetchFiles(remote: GitRemote, sha: string, signal: AbortSignal): Promise<void> {
    if (!SHA.test(sha)) throw unknownRef(remote, sha);
    if (await this.has(remote, sha, { part: 'files', signal })) return;
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

function branchOf(name = ''): string | null {
  return BRANCH.exec(name)?.[1] ?? null;
}

function missing(remote: GitRemote, ref: string): never {
  throw unknownRef(remote, ref);
}
