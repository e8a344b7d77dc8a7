/** What an operator says of a host; what is left out stays as it is. */
export interface HostWord {
  readonly cordoned?: boolean;
  readonly drain?: boolean;
  readonly reason?: string | null;
}

/** What an operator's words on a host come to. */
export interface HostStand {
  /** Whether new instances are kept away from it. */
  readonly cordoned: boolean;
  /** Why, where somebody said so. */
  readonly reason: string | null;
  /** Since when it is emptied; null while it is not. */
  readonly drainRequestedAt: Date | null;
}

/**
 * What stands after a word. A host that is emptied is cordoned, so an uncordoned one is not emptied; whoever takes an
 * emptying back may still want to keep new instances away, so it stays cordoned. Said twice changes nothing.
 */
export function standAfter(before: HostStand, word: HostWord, now: Date): HostStand {
  const cordoned = word.cordoned ?? (word.drain === true || before.cordoned);
  if (!cordoned) return { cordoned, reason: null, drainRequestedAt: null };
  const drain = word.drain ?? before.drainRequestedAt !== null;
  return {
    cordoned,
    reason: word.reason === undefined ? before.reason : word.reason,
    drainRequestedAt: drain ? (before.drainRequestedAt ?? now) : null,
  };
}

/** Whether two stands are the same. */
export function isSameStand(one: HostStand, other: HostStand): boolean {
  return (
    one.cordoned === other.cordoned &&
    one.reason === other.reason &&
    one.drainRequestedAt?.getTime() === other.drainRequestedAt?.getTime()
  );
}
