/**
 * Something that is about to happen to a machine: it is held by a hook (`terminating`), it is taken back in two minutes
 * (`spot_interruption`), or may soon be (`rebalance`).
 */
export interface HostNotice {
  readonly kind: 'terminating' | 'spot_interruption' | 'rebalance';
  readonly region: string;
  /** Machine: `i-0123456789abcdef0`. */
  readonly instance: string;
  /** Name of the group, where the notice says it. */
  readonly group: string | null;
}

/** Where notices come in: a queue that the cloud writes to. They may come twice, late, or not at all. */
export interface HostNotices {
  /**
   * Hands each over until aborted; one whose handler rejects comes again. Without a queue nothing ever comes. A silent
   * queue is logged, never an error.
   */
  receive(handler: (notice: HostNotice) => Promise<void>, signal: AbortSignal): void;
}

/** Injection token of {@link HostNotices}. */
export const HOST_NOTICES = Symbol('HostNotices');
