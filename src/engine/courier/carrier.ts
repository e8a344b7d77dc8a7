import type { DeliveryChannel } from '../../domain/delivery/delivery.js';
import type { DeliveryRow, EventRow } from '../../store/entities/index.js';

/** What is to be carried, and the event that it tells of. */
export interface Parcel {
  readonly delivery: DeliveryRow;
  readonly event: EventRow;
}

/** What came back. */
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

/**
 * Carries what goes out by one channel. It is called at least once for each delivery: more often only when it failed, or
 * when an engine died between the answer and the note of it. A thrown DomainError `unavailable` is tried again, as is
 * everything that is no DomainError; any other DomainError will not do better later, and is given up at once.
 */
export interface Carrier {
  readonly channel: DeliveryChannel;
  /** The signal is aborted when the engine stops, or when it takes too long. */
  carry(parcel: Parcel, signal: AbortSignal): Promise<CarryResult>;
}

/** Injection token of the list of all {@link Carrier}s. */
export const CARRIERS = Symbol('Carriers');

/** It arrived. */
export const arrived = (status: number | null = null, answer: string | null = null): CarryResult => ({
  status,
  answer,
  error: null,
  again: false,
  retryAfter: null,
});
