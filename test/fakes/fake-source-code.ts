import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { checkRef } from '../../src/adapters/git/check-ref.js';
import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import { SHA } from '../../src/domain/kernel/names.js';
import { cleanPath, dockerfileInContext, pathInFolder } from '../../src/domain/source/dockerfile-in-context.js';
import type {
  ResolvedRef,
  SourceCode,
  SourceListing,
  SourceLocation,
  SourceSelection,
} from '../../src/ports/source-code.js';

/** Files of a commit, by path. */
export type FakeFiles = Readonly<Record<string, string>>;

/** A repository in memory. */
export class FakeRepository {
  readonly branches = new Map<string, string>();
  readonly tags = new Map<string, string>();
  readonly commits = new Map<string, FakeFiles>();

  /** Puts a commit on a branch; answers its id, the same for the same files on the same place. */
  commit(files: FakeFiles, branch = 'main'): string {
    const parent = this.branches.get(branch) ?? '';
    const sha = createHash('sha1')
      .update(`${parent} ${JSON.stringify(files)}`)
      .digest('hex');
    this.commits.set(sha, files);
    this.branches.set(branch, sha);
    return sha;
  }
}

/** Git repositories in memory, without submodules, Git LFS and `.dockerignore`; by `owner/name` or Git URL. */
export class FakeSourceCode implements SourceCode {
  readonly repositories = new Map<string, FakeRepository>();
  /** False: no server answers. */
  answers = true;
  /** After so many bytes of an archive the connection breaks; null: never. */
  breaksAfter: number | null = null;

  /** Makes an empty repository. */
  add(name: string): FakeRepository {
    const repository = new FakeRepository();
    this.repositories.set(name, repository);
    return repository;
  }

  async resolve(source: SourceLocation, ref: string): Promise<ResolvedRef> {
    checkRef(ref);
    const repository = this.open(source);
    const id = ref.toLowerCase();
    const branch = ref === 'HEAD' ? 'main' : ref;
    const named = repository.branches.get(branch) ?? repository.tags.get(ref);
    if (named === undefined && repository.commits.size === 0) throw refused(`${nameOf(source)} is empty.`);
    const found = SHA.test(id) ? [id] : named !== undefined ? [named] : shortened(repository, id);
    const commits = found.filter((sha) => repository.commits.has(sha));
    if (commits.length > 1) throw refused(`ref "${ref}" means more than one commit: ${commits.sort().join(', ')}`);
    const [sha] = commits;
    if (sha === undefined) throw unknown(source, ref);
    return { sha, branch: !SHA.test(id) && repository.branches.has(branch) ? branch : null };
  }

  async archive(source: SourceLocation, sha: string, selection: SourceSelection): Promise<Readable> {
    const { context, dockerfile, signal } = selection;
    signal.throwIfAborted();
    const files = this.filesOf(source, sha);
    const inside = Object.entries(files).flatMap(([path, text]) => {
      const name = dockerfile === path ? dockerfileInContext({ dockerfile, context }) : pathInFolder(path, context);
      return name === null ? [] : [{ name, text }];
    });
    const tar = pack();
    for (const { name, text } of inside) tar.entry({ name, mtime: new Date(0) }, text);
    tar.finalize();
    return Readable.from(breaking(tar as AsyncIterable<Uint8Array>, this.breaksAfter), { signal, objectMode: false });
  }

  async listing(source: SourceLocation, sha: string, signal: AbortSignal): Promise<SourceListing> {
    signal.throwIfAborted();
    const files = this.filesOf(source, sha);
    return {
      names: async (folder) => namesIn(Object.keys(files), folder),
      read: async (path) => files[cleanPath(path)] ?? null,
    };
  }

  private filesOf(source: SourceLocation, sha: string): FakeFiles {
    const files = this.open(source).commits.get(sha);
    if (files === undefined) throw unknown(source, sha);
    return files;
  }

  private open(source: SourceLocation): FakeRepository {
    if (!this.answers) throw unavailable(`the Git server of ${nameOf(source)}`, 'connect ECONNREFUSED');
    const repository = this.repositories.get(nameOf(source));
    if (repository === undefined)
      throw refused(`There is no repository ${nameOf(source)} that Jockey may read: check its name.`);
    return repository;
  }
}

function namesIn(paths: readonly string[], folder: string): readonly string[] | null {
  const inside = paths.map((path) => pathInFolder(path, folder)).filter((path) => path !== null);
  if (inside.length === 0) return null;
  const names = inside.map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : path));
  return [...new Set(names)].sort();
}

function shortened({ commits }: FakeRepository, id: string): string[] {
  return /^[0-9a-f]{4,39}$/.test(id) ? [...commits.keys()].filter((sha) => sha.startsWith(id)) : [];
}

async function* breaking(tar: AsyncIterable<Uint8Array>, after: number | null): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of tar) {
    sent += chunk.length;
    if (after !== null && sent > after) throw new Error('the archive broke off');
    yield chunk;
  }
}

function nameOf({ repo, gitUrl }: SourceLocation): string {
  return gitUrl ?? repo;
}

function unknown(source: SourceLocation, ref: string): DomainError {
  return refused(`ref "${ref}" is neither a branch, nor a tag, nor a commit of ${nameOf(source)}.`);
}

function refused(words: string): DomainError {
  return new DomainError('unprocessable_entity', words);
}
