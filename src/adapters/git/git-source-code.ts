import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { SHA } from '../../domain/kernel/names.js';
import type { SourceCode, SourceLocation } from '../../ports/source-code.js';
import { checkRef } from './check-ref.js';
import { git, GitError, gitStream } from './git-command.js';
import { failureOf, unknownRef } from './git-failure.js';
import { remoteOf, type GitPlaces, type GitRemote } from './git-remote.js';

/** Time for a question to a server, and for fetching a commit, in milliseconds. */
const QUESTION = 20_000;
const FETCH = 600_000;
/** Another process fetches into the same cache: so often, and after so long, it is tried again. */
const LOCKED_TRIES = 25;
const LOCKED_PAUSE = 200;

const SHORT_SHA = /^[0-9a-f]{4,39}$/;

/** Git repositories through the `git` program, with a cache of bare repositories on disk. */
export class GitSourceCode implements SourceCode {
  /** Work on one cache goes one after the other. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly places: GitPlaces,
    private readonly cacheDirectory: string,
  ) {}

  async resolve(source: SourceLocation, ref: string): Promise<string> {
    checkRef(ref);
    const remote = remoteOf(source, this.places);
    try {
      if (SHA.test(ref)) return await this.have(remote, ref, QUESTION);
      return (await this.named(remote, ref)) ?? (await this.shortened(remote, ref)) ?? missing(remote, ref);
    } catch (error) {
      throw failureOf(remote, error);
    }
  }

  async archive(source: SourceLocation, sha: string, signal: AbortSignal): Promise<Readable> {
    const remote = remoteOf(source, this.places);
    try {
      await this.have(remote, sha, FETCH);
      return gitStream(['archive', '--format=tar', sha], { ...this.runIn(remote, 'commits'), signal });
    } catch (error) {
      throw failureOf(remote, error);
    }
  }

  /** A branch comes before a tag of the same name; an annotated tag counts as the commit that it names. */
  private async named(remote: GitRemote, ref: string): Promise<string | null> {
    const wanted = [
      `refs/heads/${ref}`,
      `refs/tags/${ref}^{}`,
      `refs/tags/${ref}`,
      ...(ref === 'HEAD' ? ['HEAD'] : []),
    ];
    const answer = await git(['ls-remote', '--quiet', '--', remote.url, ...wanted], { ...remote, timeout: QUESTION });
    const found = new Map(answer.split('\n').map((line) => line.split('\t').reverse() as [string, string]));
    return wanted.map((name) => found.get(name)).find((sha) => sha !== undefined) ?? null;
  }

  /** Only the whole history says which commit a shortened id means; it is fetched without files. */
  private async shortened(remote: GitRemote, ref: string): Promise<string | null> {
    if (!SHORT_SHA.test(ref)) return null;
    const run = { ...this.runIn(remote, 'history'), timeout: FETCH };
    await this.inTurn(remote, async () => {
      await this.prepare(run.repository);
      const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
      await git(['fetch', '--quiet', '--force', '--filter=tree:0', '--', remote.url, ...refs], run);
    });
    const answer = await git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], run).catch(() => '');
    return SHA.test(answer.trim()) ? answer.trim() : null;
  }

  /** Makes sure that the commit is in the cache. */
  private async have(remote: GitRemote, sha: string, timeout: number): Promise<string> {
    const run = { ...this.runIn(remote, 'commits'), timeout };
    return this.inTurn(remote, async () => {
      await this.prepare(run.repository);
      const present = () =>
        git(['cat-file', '-e', `${sha}^{commit}`], run).then(
          () => true,
          () => false,
        );
      if (await present()) return sha;
      await git(
        ['fetch', '--quiet', '--no-tags', '--depth=1', '--', remote.url, `${sha}:refs/commits/${sha}`],
        run,
      ).catch((error: unknown) => this.unlessNoSuchCommit(remote, sha, error));
      return (await present()) ? sha : missing(remote, sha);
    });
  }

  private unlessNoSuchCommit(remote: GitRemote, sha: string, error: unknown): never {
    const absent =
      error instanceof GitError && /not our ref|couldn't find remote ref|bad object|unadvertised/i.test(error.words);
    throw absent ? unknownRef(remote, sha) : error;
  }

  private async prepare(repository: string): Promise<void> {
    if (existsSync(join(repository, 'HEAD'))) return;
    await mkdir(repository, { recursive: true });
    await git(['init', '--quiet', '--bare', repository], { protocols: [], config: {} });
  }

  private runIn(remote: GitRemote, part: 'commits' | 'history') {
    const repository = join(this.cacheDirectory, `${remote.cacheKey}-${part}.git`);
    return { repository, protocols: remote.protocols, config: remote.config };
  }

  private async inTurn<T>(remote: GitRemote, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(remote.cacheKey) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => unlocked(work));
    this.turns.set(remote.cacheKey, turn);
    return turn;
  }
}

/** Other processes share the cache; git itself keeps them apart with lock files. */
async function unlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const locked = error instanceof GitError && /\.lock'?: File exists|cannot lock ref/i.test(error.words);
      if (!locked || tries >= LOCKED_TRIES) throw error;
      await delay(LOCKED_PAUSE);
    }
  }
}

function missing(remote: GitRemote, ref: string): never {
  throw unknownRef(remote, ref);
}
