import { SetMetadata, type Type } from '@nestjs/common';
import type { HttpRequest } from '../http-request.js';

/** How the answer of a POST is read again when the first one was lost with its process. */
export interface ReadAgain {
  /** The handler that shows the resource. */
  readonly by: string;
  /** Its controller; the POST's own where nothing is said. */
  readonly of?: () => Type<object>;
  /** Table of what the POST creates; its id is handed on. Where nothing is said, the id in the path is. */
  readonly creates?: string;
  /** What the handler is called with; the id, and a query that says nothing, where nothing is said. */
  readonly args?: (request: HttpRequest, id: string) => readonly unknown[];
}

/** Key under which {@link ReadsAgain} is kept. */
export const READ_AGAIN = 'jockey:read-again';

/**
 * Says how a repetition of this POST, by its `Idempotency-Key`, is answered when the first run wrote what it should and
 * died before it answered. Every POST that writes has one.
 */
export const ReadsAgain = (by: string, how: Omit<ReadAgain, 'by'> = {}): MethodDecorator =>
  SetMetadata(READ_AGAIN, { by, ...how } satisfies ReadAgain);

/** Key under which {@link AnswerHoldsSecret} is kept. */
export const HOLDS_SECRET = 'jockey:holds-secret';

/** The answer holds a secret that is shown once: it is kept sealed for repetitions, and in no audit entry. */
export const AnswerHoldsSecret = (): MethodDecorator => SetMetadata(HOLDS_SECRET, true);

/** Key under which {@link WritesNothing} is kept. */
export const WRITES_NOTHING = 'jockey:writes-nothing';

/** A POST that only looks: it leaves nothing in the audit, and is asked again by a repetition. */
export const WritesNothing = (): MethodDecorator & ClassDecorator => SetMetadata(WRITES_NOTHING, true);
