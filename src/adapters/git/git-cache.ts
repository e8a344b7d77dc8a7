import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { git, GitError, gitStream, type GitInput, type GitRun } from './git-command.js';
import type { GitRemote } from './git-remote.js';

/**
 * What is kept of a repository, each in a bare repository of its own, since git cannot mix them: `files`, single commits
 * with all their files; `known`, single commits without files; `history`, all commits without files.
 */
export type CachePart = 'files' | 'known' | 'history';

/** What is to be fetched. */
export interface Fetch {
  readonly part: CachePart;
  readonly options: readonly string[];
  readonly refs: readonly string[];
}

/** Another process fetches into the same cache: so often, and after so long in milliseconds, it is tried again. */
const LOCKED_TRIES = 300;
const LOCKED_PAUSE = 200;

const LOCKED = /\.lock'?: File exists|cannot lock ref|unable to lock/i;
const BROKEN =
  /corrupt|bad object|missing (blob|tree|commit)|unable to read|not a git repository: |loose object|invalid object/i;

/** Whoever owns a local repository, and whatever its attributes would leave out or write into its files. */
const CONFIG_FILE = '[safe]\n\tdirectory = *\n[advice]\n\tobjectNameWarning = false\n';
const ATTRIBUTES = '* -export-ignore -export-subst\n';

/** Bare repositories on disk, which several processes may share. It holds nothing that cannot be fetched again. */
export class GitCache {
  /** Fetches into one repository go one after the other. */
  private readonly turns = new Map<string, Promise<unknown>>();
  private readonly configFile: string;

  constructor(private readonly directory: string) {
    this.configFile = join(directory, 'gitconfig');
  }

  /** Asks the server, without a repository. */
  async askServer(remote: GitRemote, args: readonly string[], signal: AbortSignal): Promise<string> {
    await this.prepare();
    return git(args, { ...this.run(remote, signal), repository: undefined });
  }

  /** Asks a part of the cache; no server is spoken to. Null when git says no. */
  async ask(remote: GitRemote, args: readonly string[], use: Use): Promise<string | null> {
    await this.prepare();
    if (!existsSync(this.pathOf(remote, use.part))) return null;
    return git(args, this.runIn(remote, use)).catch((error: unknown) => {
      if (error instanceof GitError) return null;
      throw error;
    });
  }

  /** Fetches from the server. A cache that is broken, or stays locked, is made anew. */
  async fetch(remote: GitRemote, fetch: Fetch, signal: AbortSignal): Promise<void> {
    const repository = this.pathOf(remote, fetch.part);
    const args = ['fetch', '--quiet', '--force', '--no-write-fetch-head', ...fetch.options, '--', remote.url];
    const run = { ...this.run(remote, signal), repository };
    const once = async () => {
      await this.makeRepository(repository, signal);
      await whenUnlocked(() => git([...args, ...fetch.refs], run), signal);
    };
    await this.inTurn(repository, signal, async () => {
      await once().catch(async (error: unknown) => {
        if (!isCacheFault(error)) throw error;
        await this.setAside(remote, fetch.part);
        await once();
      });
    });
  }

  /** The output of git as a stream. Where it breaks, that part of the cache is thrown away. */
  stream(remote: GitRemote, args: readonly string[], use: Use): Readable {
    const stream = gitStream(args, this.runIn(remote, use));
    stream.once('error', (error) => {
      if (error instanceof GitError) void this.setAside(remote, use.part).catch(() => undefined);
    });
    return stream;
  }

  /** Where objects of Git LFS of a repository are kept. */
  lfsFolder({ cacheKey }: GitRemote): string {
    return join(this.directory, `${cacheKey}-lfs`);
  }

  /** Lends an index of the commit, which is gone afterwards; what asks it has to say `index`. */
  async withIndex<T>(remote: GitRemote, { sha, signal }: Indexed, work: (index: string) => Promise<T>): Promise<T> {
    const index = join(this.directory, `index-${randomBytes(8).toString('hex')}`);
    try {
      await git(['read-tree', sha], this.runIn(remote, { part: 'files', signal, index }));
      return await work(index);
    } finally {
      await rm(index, { force: true });
    }
  }

  private async setAside(remote: GitRemote, part: CachePart): Promise<void> {
    const aside = `${this.pathOf(remote, part)}.${randomBytes(4).toString('hex')}.old`;
    await rename(this.pathOf(remote, part), aside);
    await rm(aside, { recursive: true, force: true });
  }

  /** Made beside and moved into its place, so that nobody sees half a repository. */
  private async makeRepository(repository: string, signal: AbortSignal): Promise<void> {
    if (existsSync(repository)) return;
    await this.prepare();
    const made = `${repository}.${randomBytes(4).toString('hex')}.new`;
    const run = { protocols: [], config: {}, configFile: this.configFile, signal };
    await git(['init', '--quiet', '--bare', '--template=', '--', made], run);
    await mkdir(join(made, 'info'), { recursive: true });
    await writeFile(join(made, 'info', 'attributes'), ATTRIBUTES);
    await rename(made, repository).catch(async (error: unknown) => {
      await rm(made, { recursive: true, force: true });
      if (!existsSync(repository)) throw error;
    });
  }

  private async prepare(): Promise<void> {
    if (existsSync(this.configFile)) return;
    await mkdir(this.directory, { recursive: true });
    const made = `${this.configFile}.${randomBytes(4).toString('hex')}`;
    await writeFile(made, CONFIG_FILE);
    await rename(made, this.configFile);
  }

  private pathOf({ cacheKey }: GitRemote, part: CachePart): string {
    return join(this.directory, `${cacheKey}-${part}.git`);
  }

  private run({ protocols, config }: GitRemote, signal: AbortSignal): GitRun {
    return { protocols, config, configFile: this.configFile, signal };
  }

  private runIn(remote: GitRemote, { part, ...use }: Use): GitRun {
    return { protocols: [], config: {}, configFile: this.configFile, repository: this.pathOf(remote, part), ...use };
  }

  private async inTurn(key: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
    const before = this.turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => {
      signal.throwIfAborted();
      return work();
    });
    const after = turn.catch(() => undefined);
    this.turns.set(key, after);
    void after.then(() => this.turns.get(key) === after && this.turns.delete(key));
    return unlessAborted(turn, signal);
  }
}

/** A commit that an index is wanted of. */
export interface Indexed {
  readonly sha: string;
  readonly signal: AbortSignal;
}

/** Which part of the cache is used, and until when; and what git reads from its standard input, if anything. */
export interface Use {
  readonly part: CachePart;
  readonly signal: AbortSignal;
  readonly input?: GitInput;
  readonly encoding?: 'utf8' | 'latin1';
  /** An index beside the repository's own. */
  readonly index?: string;
}

/** Other processes share the cache; git itself keeps them apart with lock files. */
async function whenUnlocked(work: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isLocked(error) || tries >= LOCKED_TRIES) throw error;
      await delay(LOCKED_PAUSE, undefined, { signal });
    }
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof GitError && LOCKED.test(error.words);
}

function isCacheFault(error: unknown): boolean {
  return isLocked(error) || (error instanceof GitError && BROKEN.test(error.words));
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort = () => undefined as void;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
