import { DomainError } from '../../domain/kernel/errors.js';
import { LONGEST_LFS_POINTER, parseLfsPointer, type LfsPointer } from '../../domain/source/lfs-pointer.js';
import type { OutboundRules } from '../../domain/outbound/outbound-rules.js';
import { GitBlobs, smallBlobs } from './git-blobs.js';
import type { TreeEntry } from './git-tree.js';
import { LfsServer } from './lfs-server.js';
import { LfsStore } from './lfs-store.js';
import { lfsPlaceOf } from './lfs-place.js';
import { wantedEntries, type Checkout, type Looking } from './source-part.js';

/** So many paths git is asked at once which filter they have. */
const PATHS_AT_ONCE = 5_000;

/** Files that Git LFS keeps beside the repository. */
export class LfsFiles {
  constructor(private readonly rules: OutboundRules) {}

  /** Brings the content of all that are wanted to the disk, and answers what they are by path in the repository. */
  async fetch(checkout: Checkout, looking: Looking): Promise<ReadonlyMap<string, LfsPointer>> {
    const pointers = await pointersOf(checkout, looking);
    const store = new LfsStore(looking.cache.lfsFolder(checkout.remote));
    const missing = store.missing([...pointers].map(([path, pointer]) => ({ ...pointer, path: checkout.at + path })));
    if (missing.length > 0) {
      const place = await lfsPlaceOf(checkout, looking);
      const server = new LfsServer(place, this.rules, looking.signal);
      await server.bring(missing, store);
    }
    return pointers;
  }
}

/** Files whose attributes put them into Git LFS and which are pointers; any other is handed on as it is. */
async function pointersOf(checkout: Checkout, looking: Looking): Promise<ReadonlyMap<string, LfsPointer>> {
  const { cache, signal } = looking;
  const small: TreeEntry[] = [];
  for await (const entry of wantedEntries(checkout, looking))
    if (entry.mode.startsWith('100') && entry.size <= LONGEST_LFS_POINTER) small.push(entry);
  const filtered = await withFilter(small, checkout, looking);
  const pointers = new Map<string, LfsPointer>();
  const blobs = new GitBlobs(cache, checkout.remote, signal);
  try {
    let index = 0;
    for await (const text of smallBlobs(
      blobs,
      filtered.map(({ id }) => id),
    )) {
      const pointer = parseLfsPointer(text.toString('latin1'));
      const entry = filtered[index];
      if (pointer !== null && entry !== undefined) pointers.set(entry.path, pointer);
      index += 1;
    }
    return pointers;
  } finally {
    blobs.close();
  }
}

async function withFilter(
  entries: readonly TreeEntry[],
  { remote, sha }: Checkout,
  { cache, signal }: Looking,
): Promise<readonly TreeEntry[]> {
  const args = ['check-attr', '-z', '--cached', '--stdin', 'filter'];
  return cache.withIndex(remote, { sha, signal }, async (index) => {
    const found: TreeEntry[] = [];
    for (let from = 0; from < entries.length; from += PATHS_AT_ONCE) {
      const some = entries.slice(from, from + PATHS_AT_ONCE);
      const input = Buffer.from(some.map(({ path }) => `${path}\0`).join(''), 'latin1');
      const use = { part: 'files', signal, index, input, encoding: 'latin1' } as const;
      const answer = await cache.ask(remote, args, use);
      if (answer === null) throw new DomainError('unprocessable_entity', `git could not read the attributes of ${sha}`);
      const values = answer.split('\0');
      found.push(...some.filter((_entry, each) => values[each * 3 + 2] === 'lfs'));
    }
    return found;
  });
}
