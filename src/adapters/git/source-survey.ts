import { DomainError } from '../../domain/kernel/errors.js';
import { failureOf } from './git-failure.js';
import { remoteOfSubmodule, type GitPlaces, type GitRemote } from './git-remote.js';
import { readable, type TreeEntry } from './git-tree.js';
import type { LfsFiles } from './lfs-files.js';
import { look, type Checkout, type Looking, type SourcePart } from './source-part.js';
import { brokenSubmodule } from './source-faults.js';

/** Deepest nesting of submodules: one that has itself would have no end. */
const DEEPEST = 10;

/** Sees to it that the files of a commit are in the cache; refuses one that is not there. */
export type FetchFiles = (remote: GitRemote, sha: string, signal: AbortSignal) => Promise<void>;

/** What `.gitmodules` says of a submodule. */
interface Module {
  readonly url: string | null;
  /** `none`: git leaves its folder empty, and so does Jockey. */
  readonly update: string | null;
}

/** Fetches all that belongs to a commit, before the first byte of it is handed on. */
export class SourceSurvey {
  constructor(
    private readonly places: GitPlaces,
    private readonly lfs: LfsFiles,
    private readonly fetchFiles: FetchFiles,
  ) {}

  /** Answers the parts and how many files are wanted of them. */
  async survey(checkout: Checkout, looking: Looking, depth = 0): Promise<{ part: SourcePart; files: number }> {
    const seen = await look(checkout, looking);
    const lfs = seen.mentionsLfs ? await this.lfs.fetch(checkout, looking) : new Map<string, never>();
    const submodules = new Map<string, SourcePart>();
    let { files } = seen;
    if (seen.modules.length > 0) {
      const modules = await modulesOf(checkout, looking);
      for (const entry of seen.modules) {
        const below = await this.submodule(entry, modules, { checkout, looking, depth: depth + 1 });
        if (below !== null) submodules.set(entry.path, below.part);
        files += below?.files ?? 0;
      }
    }
    return { part: { ...checkout, submodules, lfs }, files };
  }

  private async submodule(entry: TreeEntry, modules: ReadonlyMap<string, Module>, { checkout, looking, depth }: Above) {
    const { url, update } = modules.get(entry.path) ?? { url: null, update: null };
    if (update === 'none') return null;
    const path = checkout.at + entry.path;
    try {
      if (url === null) throw new Error('.gitmodules does not name it; add it there, or remove it from the commit');
      if (depth > DEEPEST) throw new Error(`submodules are nested more than ${DEEPEST} deep`);
      const remote = remoteOfSubmodule(url, checkout.remote, this.places);
      await this.fetchFiles(remote, entry.id, looking.signal).catch((error: unknown) => {
        throw failureOf(remote, error);
      });
      return await this.survey({ remote, sha: entry.id, at: `${path}/` }, looking, depth);
    } catch (error) {
      looking.signal.throwIfAborted();
      throw isToldAlready(error) ? error : brokenSubmodule({ path: readable(path), url: hidden(url) }, error);
    }
  }
}

interface Above {
  readonly checkout: Checkout;
  readonly looking: Looking;
  readonly depth: number;
}

/** The innermost submodule, link or file is the one to name. */
function isToldAlready(error: unknown): boolean {
  return error instanceof DomainError && /^The (submodule|symlink|file|Git LFS server) /.test(error.message);
}

/** An address as it may be shown: without a password. */
function hidden(url: string | null): string | null {
  return url?.replace(/:\/\/[^/@]*@/, '://') ?? null;
}

const KEY = /^submodule\.(?<name>[\s\S]*)\.(?<key>path|url|update)$/;

/** The submodules that `.gitmodules` names, by path. */
async function modulesOf({ remote, sha }: Checkout, { cache, signal }: Looking): Promise<ReadonlyMap<string, Module>> {
  const args = ['config', '-z', `--blob=${sha}:.gitmodules`, '--get-regexp', '^submodule\\..*\\.(path|url|update)$'];
  const answer = await cache.ask(remote, args, { part: 'files', signal, encoding: 'latin1' });
  const byName = new Map<string, Map<string, string>>();
  for (const line of (answer ?? '').split('\0')) {
    const end = line.indexOf('\n');
    const { name, key } = KEY.exec(line.slice(0, end))?.groups ?? {};
    if (name === undefined || key === undefined) continue;
    byName.set(name, (byName.get(name) ?? new Map<string, string>()).set(key, line.slice(end + 1)));
  }
  return new Map(
    [...byName.values()].map((module) => [
      (module.get('path') ?? '').replace(/\/+$/, ''),
      { url: module.get('url') ?? null, update: module.get('update') ?? null },
    ]),
  );
}
