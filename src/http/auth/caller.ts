/** Who sent a request. */
export interface Caller {
  /** Stable name of the caller, for logs and for keeping idempotency keys apart. Never a secret. */
  readonly name: string;
}

/** The caller that holds the bootstrap token. */
export const BOOTSTRAP_CALLER: Caller = { name: 'bootstrap' };
