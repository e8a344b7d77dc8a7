import { linkLeadsOut } from '../../domain/source/link-leads-out.js';
import { mentionsLfs, type LfsPointer } from '../../domain/source/lfs-pointer.js';
import type { GitCache } from './git-cache.js';
import { GitBlobs, smallBlobs } from './git-blobs.js';
import type { GitRemote } from './git-remote.js';
import { entriesIn, LIST_TREE, readable, type TreeEntry } from './git-tree.js';
import type { Selection } from './selection.js';
import { brokenLink } from './source-faults.js';

/** A repository at a commit, whose files are in the cache. */
export interface Checkout {
  readonly remote: GitRemote;
  readonly sha: string;
  /** Where its files go: empty for the app's own repository, `vendor/lib/` for a submodule. */
  readonly at: string;
}

/** All that goes into a stream of files. */
export interface SourcePart extends Checkout {
  /** By path in the repository. One that is not to be fetched has none. */
  readonly submodules: ReadonlyMap<string, SourcePart>;
  /** Files of Git LFS by path in the repository; their content is on the disk. */
  readonly lfs: ReadonlyMap<string, LfsPointer>;
}

/** What was seen of a commit. */
export interface Seen {
  /** Submodules of which files are wanted. */
  readonly modules: readonly TreeEntry[];
  /** How many files are wanted. */
  readonly files: number;
  /** Whether some may be kept by Git LFS. */
  readonly mentionsLfs: boolean;
}

/** Where and until when it is looked. */
export interface Looking {
  readonly cache: GitCache;
  readonly selection: Selection;
  readonly signal: AbortSignal;
}

/** Modes of what is no file. */
export const LINK = '120000';
export const MODULE = '160000';
/** Longest target of a symlink, in bytes: Linux' PATH_MAX. */
const LONGEST_TARGET = 4096;
const ATTRIBUTES = /(^|\/)\.gitattributes$/;
/** Longest file of attributes that is read, in bytes: a longer one was not written by people. */
const LONGEST_ATTRIBUTES = 1024 * 1024;

/** The entries of a commit that are wanted. */
export async function* wantedEntries(checkout: Checkout, looking: Looking): AsyncGenerator<TreeEntry> {
  const { remote, sha, at } = checkout;
  const { cache, selection, signal } = looking;
  for await (const entries of entriesIn(cache.stream(remote, [...LIST_TREE, sha], { part: 'files', signal })))
    yield* entries.filter((entry) => isWanted(entry, at, selection));
}

/** Looks at a commit, of whatever size, and refuses links that lead out of the folder that is wanted. */
export async function look(checkout: Checkout, looking: Looking): Promise<Seen> {
  const found = await kindsIn(checkout, looking);
  const blobs = new GitBlobs(looking.cache, checkout.remote, looking.signal);
  try {
    await checkLinks(checkout, found.links, { blobs, selection: looking.selection });
    return { ...found, mentionsLfs: await anyMentionsLfs(blobs, found.attributes) };
  } finally {
    blobs.close();
  }
}

interface Kinds {
  readonly modules: TreeEntry[];
  readonly links: TreeEntry[];
  /** All of the repository, also outside of what is wanted: they count for what is below them. */
  readonly attributes: TreeEntry[];
  readonly files: number;
}

async function kindsIn({ remote, sha, at }: Checkout, { cache, selection, signal }: Looking): Promise<Kinds> {
  const [modules, links, attributes]: [TreeEntry[], TreeEntry[], TreeEntry[]] = [[], [], []];
  let files = 0;
  for await (const entries of entriesIn(cache.stream(remote, [...LIST_TREE, sha], { part: 'files', signal })))
    for (const entry of entries) {
      if (ATTRIBUTES.test(entry.path) && entry.mode.startsWith('100')) attributes.push(entry);
      if (!isWanted(entry, at, selection)) continue;
      if (entry.mode === MODULE) modules.push(entry);
      else files += 1;
      if (entry.mode === LINK) links.push(entry);
    }
  return { modules, links, attributes, files };
}

function isWanted(entry: TreeEntry, at: string, selection: Selection): boolean {
  const path = at + entry.path;
  return entry.mode === MODULE ? selection.reaches(path) : selection.nameOf(path) !== null;
}

async function anyMentionsLfs(blobs: GitBlobs, attributes: readonly TreeEntry[]): Promise<boolean> {
  const ids = attributes.filter(({ size }) => size <= LONGEST_ATTRIBUTES).map(({ id }) => id);
  let mentions = false;
  for await (const text of smallBlobs(blobs, ids)) mentions ||= mentionsLfs(text.toString('latin1'));
  return mentions;
}

interface Links {
  readonly blobs: GitBlobs;
  readonly selection: Selection;
}

async function checkLinks({ at }: Checkout, links: readonly TreeEntry[], { blobs, selection }: Links): Promise<void> {
  const short = links.filter(({ size }) => size <= LONGEST_TARGET);
  const [tooLong] = links.filter(({ size }) => size > LONGEST_TARGET);
  if (tooLong !== undefined) throw brokenLink(readable(at + tooLong.path), `${tooLong.size} bytes`);
  let index = 0;
  for await (const target of smallBlobs(
    blobs,
    short.map(({ id }) => id),
  )) {
    const path = at + (short[index]?.path ?? '');
    const text = target.toString('latin1');
    if (linkLeadsOut(selection.nameOf(path) ?? path, text)) throw brokenLink(readable(path), readable(text));
    index += 1;
  }
}
