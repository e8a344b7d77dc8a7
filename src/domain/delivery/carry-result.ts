/** What became of one attempt to deliver. */
export interface CarryResult {
  /** HTTP status; null where nothing was answered, or nothing had to be asked. */
  readonly status: number | null;
  /** The beginning of the answer, without secrets; null where there is none to show. */
  readonly answer: string | null;
  /** Why it did not arrive, one sentence; null where it did. */
  readonly error: string | null;
  /** Of one that did not arrive: whether it may arrive later. One that will not is given up at once. */
  readonly again: boolean;
  /** Seconds that the receiver asks to wait; null where it says nothing. */
  readonly retryAfter: number | null;
}

/** It arrived. */
export function arrived(status: number | null = null, answer: string | null = null): CarryResult {
  return { status, answer, error: null, again: false, retryAfter: null };
}

/** It did not arrive, and may later. */
export function notNow(error: string, seen: Partial<CarryResult> = {}): CarryResult {
  return { status: null, answer: null, retryAfter: null, ...seen, error, again: true };
}

/** It did not arrive, and will not. */
export function never(error: string, seen: Partial<CarryResult> = {}): CarryResult {
  return { status: null, answer: null, retryAfter: null, ...seen, error, again: false };
}
