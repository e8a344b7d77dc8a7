import type { CarryResult } from '../../domain/delivery/carry-result.js';
import type { DeliveryChannel } from '../../domain/delivery/delivery.js';
import type { DeliveryRow, EventRow } from '../../store/entities/index.js';

export { arrived, type CarryResult } from '../../domain/delivery/carry-result.js';

/** What is to be carried, and the event that it tells of. */
export interface Parcel {
  readonly delivery: DeliveryRow;
  readonly event: EventRow;
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
