import { type ChainedEntry, hashOf, NO_HASH } from './chain.js';

/** The last entry of a chain. */
export interface ChainHead {
  readonly id: string;
  readonly hash: string;
}

/** What was found. */
export interface ChainReport {
  readonly count: number;
  /** Number of the first entry that was seen. */
  readonly first: string | null;
  /** Null where there is no entry. */
  readonly head: ChainHead | null;
  /** The first entry that is not as it was written; null where all are. */
  readonly fault: { readonly id: string; readonly reason: string } | null;
}

/** What is known of the chain from elsewhere. */
export interface KnownOfChain {
  /** Whether it has to begin with the first entry; an export may begin later. */
  readonly whole: boolean;
  /** A hash that was the head once: a cut tail lacks it. */
  readonly expectedHead?: string | undefined;
  /** What the second table says is the head. */
  readonly recordedHead?: ChainHead | undefined;
}

/** Goes through a chain, entry by entry, and stops at the first that is not as it was written. */
export async function verifyChain(entries: AsyncIterable<ChainedEntry>, known: KnownOfChain): Promise<ChainReport> {
  let head: ChainHead | null = known.whole ? FIRST : null;
  let count = 0;
  let first: string | null = null;
  let met = known.expectedHead === undefined || known.expectedHead === NO_HASH;
  for await (const entry of entries) {
    const reason = faultOf(entry, head);
    if (reason !== null) return { count, first, head: atStart(head), fault: { id: entry.id, reason } };
    head = { id: entry.id, hash: entry.hash };
    count += 1;
    first ??= entry.id;
    met ||= entry.hash === known.expectedHead;
  }
  return { count, first, head: atStart(head), fault: tailFault(head, met, known) };
}

const FIRST: ChainHead = { id: '0', hash: NO_HASH };

const atStart = (head: ChainHead | null): ChainHead | null => (head === FIRST ? null : head);

const NUMBER = /^[1-9]\d{0,18}$/;

/** Null where an entry is the one that follows. */
function faultOf(entry: ChainedEntry, before: ChainHead | null): string | null {
  if (!NUMBER.test(entry.id)) return 'its number is none';
  if (before === null && entry.id === '1') return faultOf(entry, FIRST);
  if (before !== null && BigInt(entry.id) !== BigInt(before.id) + 1n)
    return `it follows entry ${before.id}: what was between them is missing, or it stands in the wrong place`;
  if (before !== null && entry.previous_hash !== before.hash) return `it does not continue entry ${before.id}`;
  if (hashOf(entry) !== entry.hash) return 'its content is not what its hash was made of';
  return null;
}

function tailFault(head: ChainHead | null, met: boolean, { recordedHead }: KnownOfChain): ChainReport['fault'] {
  const id = head?.id ?? '0';
  if (recordedHead !== undefined && (recordedHead.id !== id || recordedHead.hash !== (head ?? FIRST).hash))
    return { id, reason: `it is the last, but the head was recorded as entry ${recordedHead.id}` };
  if (!met) return { id, reason: 'the head that was expected is not in the chain: its end was cut off or replaced' };
  return null;
}
