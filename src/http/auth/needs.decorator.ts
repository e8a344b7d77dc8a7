import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension } from '@nestjs/swagger';
import type { Verb } from '../../domain/access/verb.js';
import type { RecordNoun } from '../../store/repositories/record-places.js';

/** How a request says where it would do something. */
export type Target =
  /** It concerns the caller alone: whoever is signed in has the right, even one who may do nothing else. */
  | { readonly kind: 'self' }
  /** It concerns nothing in particular: a right to the verb anywhere is enough. */
  | { readonly kind: 'somewhere' }
  /** It concerns everything, or what belongs to no app. */
  | { readonly kind: 'everywhere' }
  /** A list that its service keeps within sight; what its filters name must be in sight too. */
  | { readonly kind: 'listed' }
  /** An app, and where said an environment, by name or id. One that is not named means: every one. */
  | { readonly kind: 'named'; readonly app: Whereabouts; readonly environment: Whereabouts | null }
  /** The record whose id is in the path; a numbered one may be named by app, environment and number instead. */
  | { readonly kind: 'record'; readonly noun: RecordNoun; readonly numbered: boolean };

/** Part of a request, and the name of the field in it. */
export type Whereabouts = readonly ['body' | 'query' | 'params', string];

/** What a handler needs. */
export interface Need {
  readonly verb: Verb;
  readonly target: Target;
  /** The field with which alone it is needed; where nothing is said, it always is. */
  readonly given?: Whereabouts;
}

/** Key under which {@link Needs} is kept. */
export const NEEDS = 'jockey:needs';

/** Where the document says what an operation needs. */
export const NEEDS_IN_DOCUMENT = 'x-jockey-needs';

/**
 * The right without which a request is refused; a handler that touches two places says what it needs at the other, too.
 * One that says neither this nor `@Public()` refuses everybody.
 */
export const Needs = (verb: Verb, target: Target, ...others: readonly Need[]): MethodDecorator & ClassDecorator =>
  need([{ verb, target }, ...others]);

const need = (needs: readonly Need[]): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(NEEDS, needs), ApiExtension(NEEDS_IN_DOCUMENT, needs));

/** Everybody who is signed in may do it, with or without any right. */
export const oneself: Target = { kind: 'self' };

/** A right to the verb anywhere is enough. */
export const somewhere: Target = { kind: 'somewhere' };

/** Needs the right to everything. */
export const everywhere: Target = { kind: 'everywhere' };

/** The service reads it with `withinSight`. */
export const listed: Target = { kind: 'listed' };

/** The fields `app` and `environment` of the body or the query. */
export const namedIn = (part: 'body' | 'query'): Target => ({
  kind: 'named',
  app: [part, 'app'],
  environment: [part, 'environment'],
});

/** The app whose name or id is in the path, and where given the field that names the environment. */
export const appInPath = (environment: Whereabouts | null = null): Target => ({
  kind: 'named',
  app: ['params', 'id'],
  environment,
});

/** The record whose id is in the path. */
export const record = (noun: RecordNoun): Target => ({ kind: 'record', noun, numbered: false });

/** The record whose id is in the path; where the query names an app, that of this number there. */
export const numberedRecord = (noun: RecordNoun): Target => ({ kind: 'record', noun, numbered: true });
