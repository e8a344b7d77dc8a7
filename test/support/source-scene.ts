import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitSourceCode } from '../../src/adapters/git/git-source-code.js';
import type { SourceSelection } from '../../src/ports/source-code.js';
import { BareRepository } from './git-server.js';
import { serveLfs, type LfsServer } from './lfs-server.js';
import { commitEntries, type SourceEntry } from './source-repository.js';
import { entriesOf, type ReadEntry } from './tar-entries.js';

const TOKEN = 'a-secret-token';

/** The header by which the server of the scene knows Jockey. */
export const AUTHORIZATION = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;

/** Repositories of `jockey/…` on a server that takes Jockey's token, and on the disk behind it. */
export class SourceScene {
  private caches = 0;

  private constructor(
    readonly folder: string,
    readonly server: LfsServer,
  ) {}

  /** Begins with no repository. */
  static async begin(): Promise<SourceScene> {
    const folder = await mkdtemp(join(tmpdir(), 'jockey-source-'));
    return new SourceScene(folder, await serveLfs(join(folder, 'root'), AUTHORIZATION));
  }

  /** Makes a repository. */
  add(name: string): Promise<BareRepository> {
    return BareRepository.create(join(this.folder, 'root', `jockey/${name}.git`));
  }

  /** Makes a repository with one commit and answers its id. */
  async addWith(name: string, entries: readonly SourceEntry[]): Promise<string> {
    return commitEntries(await this.add(name), entries, 'main');
  }

  /** Jockey's side, with an empty cache: over HTTP with its token, or on the disk. */
  source(how: 'http' | 'local' = 'http'): GitSourceCode {
    const localRoot = how === 'local' ? join(this.folder, 'root') : undefined;
    const cache = join(this.folder, `cache-${(this.caches += 1)}`);
    return new GitSourceCode({ githubUrl: this.server.url, githubToken: TOKEN, localRoot }, cache);
  }

  /** The entries of a commit's stream. */
  async entries(
    name: string,
    sha: string,
    { source = this.source(), ...change }: Partial<SourceSelection> & { readonly source?: GitSourceCode } = {},
  ): Promise<readonly ReadEntry[]> {
    const wanted = { context: '.', ignore: 'none', dockerfile: null, signal: new AbortController().signal } as const;
    return entriesOf(await source.archive({ repo: `jockey/${name}`, gitUrl: null }, sha, { ...wanted, ...change }));
  }

  /** Names of the stream with the texts of files. */
  async texts(...asked: Parameters<SourceScene['entries']>): Promise<Record<string, string>> {
    const files = (await this.entries(...asked)).filter(({ type }) => type === 'file');
    return Object.fromEntries(files.map(({ name, text }) => [name, text]));
  }

  /** Ends its server and removes its files. */
  async end(): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Plain files. */
export function files(texts: Readonly<Record<string, string>>): readonly SourceEntry[] {
  return Object.entries(texts).map(([path, content]) => ({ kind: 'file', path, content }));
}
