import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ASKED_AT_ONCE, GitBlobs } from './git-blobs.js';
import type { GitCache } from './git-cache.js';
import { entriesIn, LIST_TREE, type TreeEntry } from './git-tree.js';
import { lfsPath } from './lfs-store.js';
import type { Selection } from './selection.js';
import { LINK, MODULE, type Looking, type SourcePart } from './source-part.js';
import { padding, tarEnd, tarHeader, type TarEntry } from './tar-header.js';

/** A file, symlink or submodule's folder that goes into the stream. */
interface Wanted {
  readonly entry: TreeEntry;
  readonly part: SourcePart;
  /** In the stream. */
  readonly name: string;
}

/** Mode of a folder. */
const FOLDER = '040000';
/** Smallest piece that is handed on, in bytes: many small files make few pieces. */
const PIECE = 64 * 1024;

/** Hands on the parts of a source as a tar stream, until its signal is aborted or nobody reads any more. */
export function streamOf(part: SourcePart, looking: Looking): Readable {
  const unread = new AbortController();
  const signal = AbortSignal.any([looking.signal, unread.signal]);
  const bytes = new SourceTar({ ...looking, signal }).bytes(part);
  const stream = Readable.from(bytes, { objectMode: false, highWaterMark: 4 * PIECE });
  // Whoever reads sees what went wrong; aborted before anybody reads, it must not end the process.
  stream.on('error', () => undefined);
  const abort = () => stream.destroy(looking.signal.reason as Error);
  looking.signal.addEventListener('abort', abort, { once: true });
  stream.once('close', () => {
    looking.signal.removeEventListener('abort', abort);
    unread.abort(new Error('the files are not wanted any more'));
  });
  return stream;
}

/** The parts of a source as one tar stream: sorted, and of as little memory as one piece needs. */
class SourceTar {
  private readonly blobs = new Map<SourcePart, GitBlobs>();
  private readonly folders = new Set<string>();
  private readonly cache: GitCache;
  private readonly selection: Selection;

  constructor(private readonly looking: Looking) {
    this.cache = looking.cache;
    this.selection = looking.selection;
  }

  /** The bytes, in pieces. */
  async *bytes(part: SourcePart): AsyncGenerator<Buffer> {
    try {
      yield* inPieces(this.entriesAsTar(part));
    } finally {
      for (const blobs of this.blobs.values()) blobs.close();
    }
  }

  private async *entriesAsTar(part: SourcePart): AsyncGenerator<Buffer> {
    const { dockerfile } = this.selection;
    if (dockerfile !== null) yield* this.text(dockerfile.name, Buffer.from(dockerfile.text));
    for await (const some of inBatches(this.wanted(part))) {
      for (const { entry, part: each } of some) if (isBlob(entry, each)) this.blobsOf(each).ask([entry.id]);
      for (const each of some) yield* this.asTar(each);
    }
    yield tarEnd();
  }

  /** Submodules come in their places. */
  private async *wanted(part: SourcePart): AsyncGenerator<Wanted> {
    const { cache, selection, signal } = this.looking;
    const listed = cache.stream(part.remote, [...LIST_TREE, part.sha], { part: 'files', signal });
    for await (const entries of entriesIn(listed))
      for (const entry of entries) {
        const name = selection.nameOf(part.at + entry.path);
        if (name !== null) yield { entry, part, name };
        else yield* this.emptied(entry, part);
        const below = entry.mode === MODULE ? part.submodules.get(entry.path) : undefined;
        if (below !== undefined) yield* this.wanted(below);
      }
  }

  /** As Docker has it, a folder stays although all that is in it is ignored, where a rule names only what is in it. */
  private *emptied({ path, ...entry }: TreeEntry, part: SourcePart): Generator<Wanted> {
    const name = this.selection.folderAround(part.at + path);
    if (name !== null && !this.folders.has(name)) yield { entry: { ...entry, path, mode: FOLDER }, part, name };
  }

  private async *asTar({ entry, part, name }: Wanted): AsyncGenerator<Buffer> {
    yield* this.foldersOf(name);
    if (entry.mode === MODULE || entry.mode === FOLDER) return yield* this.foldersOf(`${name}/`);
    const lfs = part.lfs.get(entry.path);
    const file = { path: name, mode: entry.mode === '100755' ? 0o755 : 0o644, type: 'file', target: '' } as const;
    if (lfs !== undefined) {
      const content = createReadStream(lfsPath(this.cache.lfsFolder(part.remote), lfs.oid));
      return yield* asFile({ ...file, size: lfs.size }, content as AsyncIterable<Buffer>);
    }
    const blobs = this.blobsOf(part);
    if (entry.mode === LINK) {
      const target = (await blobs.whole()).toString('latin1');
      return yield tarHeader({ path: name, mode: 0o777, type: 'link', size: 0, target });
    }
    const size = await blobs.open();
    yield* asFile({ ...file, size }, blobs.content(size));
  }

  /** Folders come before what is in them, so that they too have the one time. */
  private *foldersOf(name: string): Generator<Buffer> {
    for (let end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      const path = name.slice(0, end);
      if (this.folders.has(path)) continue;
      this.folders.add(path);
      yield tarHeader({ path, mode: 0o755, type: 'folder', size: 0, target: '' });
    }
  }

  private *text(name: string, text: Buffer): Generator<Buffer> {
    yield* this.foldersOf(name);
    yield tarHeader({ path: name, mode: 0o644, type: 'file', size: text.length, target: '' });
    yield text;
    yield padding(text.length);
  }

  private blobsOf(part: SourcePart): GitBlobs {
    const known = this.blobs.get(part);
    if (known !== undefined) return known;
    const blobs = new GitBlobs(this.cache, part.remote, this.looking.signal);
    this.blobs.set(part, blobs);
    return blobs;
  }
}

function isBlob({ mode, path }: TreeEntry, { lfs }: SourcePart): boolean {
  return mode !== MODULE && mode !== FOLDER && !lfs.has(path);
}

async function* asFile(entry: TarEntry, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield tarHeader(entry);
  yield* content;
  yield padding(entry.size);
}

async function* inBatches(all: AsyncIterable<Wanted>): AsyncGenerator<readonly Wanted[]> {
  let batch: Wanted[] = [];
  for await (const each of all) {
    batch.push(each);
    if (batch.length < ASKED_AT_ONCE) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function* inPieces(all: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of all) {
    pieces.push(piece);
    length += piece.length;
    if (length < PIECE) continue;
    yield pieces.length === 1 ? piece : Buffer.concat(pieces, length);
    [pieces, length] = [[], 0];
  }
  if (length > 0) yield Buffer.concat(pieces, length);
}
