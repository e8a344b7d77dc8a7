import { Injectable } from '@nestjs/common';
import type { Place } from '../../domain/access/grant.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { Directory } from '../../store/repositories/directory.js';
import { type RecordNoun, RecordPlaces } from '../../store/repositories/record-places.js';
import type { HttpRequest } from '../http-request.js';
import type { Target, Whereabouts } from './needs.decorator.js';

/** A place that a request names, and how it is refused to whom it does not concern. */
export interface NamedPlace {
  /** Null for what is not there, or as good as not there for who asks. */
  readonly place: Place | null;
  readonly noun: string;
  readonly key: string;
}

/** Finds the place where a request would do something. */
@Injectable()
export class RequestTarget {
  constructor(
    private readonly directory: Directory,
    private readonly records: RecordPlaces,
  ) {}

  /** The place that a target of these kinds means. */
  async of(target: PlacedTarget, request: HttpRequest): Promise<NamedPlace> {
    if (target.kind === 'named') return this.namedBy(target, request);
    if (target.kind === 'listed' || (target.numbered && textAt(IN_QUERY.app, request) !== undefined))
      return this.namedBy(IN_QUERY, request);
    return this.recordOf(target.noun, request);
  }

  private async recordOf(noun: RecordNoun, request: HttpRequest): Promise<NamedPlace> {
    const key = textAt(['params', 'id'], request) ?? '';
    return { place: await this.records.of(noun, key), noun, key };
  }

  private async namedBy({ app, environment }: Named, request: HttpRequest): Promise<NamedPlace> {
    const appKey = textAt(app, request);
    const environmentKey = environment === null ? undefined : textAt(environment, request);
    const [foundApp, foundEnvironment] = await Promise.all([
      appKey === undefined ? undefined : orAbsent(this.directory.app(appKey)),
      environmentKey === undefined ? undefined : orAbsent(this.directory.environment(environmentKey)),
    ]);
    const named =
      foundApp === null || (appKey !== undefined && foundEnvironment !== null)
        ? { noun: 'app', key: appKey ?? '' }
        : { noun: 'environment', key: environmentKey ?? '' };
    if (foundApp === null || foundEnvironment === null) return { ...named, place: null };
    return { ...named, place: { app: foundApp?.id ?? null, environment: foundEnvironment?.name ?? null } };
  }
}

/** A target that has a place of its own. */
export type PlacedTarget = Exclude<Target, { readonly kind: 'self' | 'somewhere' | 'everywhere' }>;

type Named = Pick<Extract<Target, { readonly kind: 'named' }>, 'app' | 'environment'>;

const IN_QUERY = { app: ['query', 'app'], environment: ['query', 'environment'] } as const;

/** Whether a request says something in a field, whatever it is. */
export function says([part, field]: Whereabouts, request: HttpRequest): boolean {
  const fields = request[part] as Readonly<Record<string, unknown>> | undefined;
  return fields !== undefined && Object.hasOwn(fields, field);
}

/** What is no text or empty names nothing; the checks of the input say what is wrong with it. */
function textAt([part, field]: Whereabouts, request: HttpRequest): string | undefined {
  const fields = request[part] as Readonly<Record<string, unknown>> | undefined;
  const value = fields !== undefined && Object.hasOwn(fields, field) ? fields[field] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

async function orAbsent<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return null;
    throw error;
  }
}
