/** How something goes out: to a target that was set up, to a `callback_url`, to GitHub, to the chat that asked. */
export const DELIVERY_CHANNELS = ['webhook', 'callback', 'github', 'chat'] as const;

/** One of {@link DELIVERY_CHANNELS}. */
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

/** `waiting`: for its first attempt or the next; `delivered`; `failed`: given up. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'failed'] as const;

/** One of {@link DELIVERY_STATES}. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One attempt, as the log shows it. */
export interface DeliveryAttempt {
  /** When it began: ISO 8601, UTC. */
  readonly at: string;
  /** From the first byte asked to the last byte answered, in milliseconds. */
  readonly milliseconds: number;
  /** HTTP status of the answer; null where none came. */
  readonly status: number | null;
  /** The beginning of the answer; null where none came. */
  readonly answer: string | null;
  /** Why it did not arrive, one sentence; null where it did. */
  readonly error: string | null;
}

/** So many attempts are kept of each delivery, the last ones: redelivering without end does not fill the database. */
export const ATTEMPTS_KEPT = 20;
