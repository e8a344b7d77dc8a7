import { Injectable } from '@nestjs/common';
import { EVERYWHERE, type Place } from '../../domain/access/grant.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { Directory } from '../../store/repositories/directory.js';
import { RecordPlaces } from '../../store/repositories/record-places.js';
import type { HttpRequest } from '../http-request.js';
import type { Target, Whereabouts } from './needs.decorator.js';

/** A place that a request names, and how it would be refused were it not there. */
export interface NamedPlace {
  readonly place: Place;
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

  /** Null for what is not there: its handler says so better. */
  async of(target: Target, request: HttpRequest): Promise<NamedPlace | null> {
    if (target.kind === 'named') return this.namedBy(target.app, target.environment, request);
    if (target.kind === 'listed') return this.namedBy(IN_QUERY.app, IN_QUERY.environment, request);
    if (target.kind === 'record')
      return textAt(IN_QUERY.app, request) === undefined
        ? this.recordOf(target.noun, request)
        : this.namedBy(IN_QUERY.app, IN_QUERY.environment, request);
    return { place: EVERYWHERE, noun: 'page', key: request.path };
  }

  private async recordOf(noun: Parameters<RecordPlaces['of']>[0], request: HttpRequest): Promise<NamedPlace | null> {
    const key = textAt(['params', 'id'], request) ?? '';
    const place = await this.records.of(noun, key);
    return place === null ? null : { place, noun, key };
  }

  private async namedBy(
    app: Whereabouts,
    environment: Whereabouts | null,
    request: HttpRequest,
  ): Promise<NamedPlace | null> {
    const appKey = textAt(app, request);
    const environmentKey = environment === null ? undefined : textAt(environment, request);
    const [foundApp, foundEnvironment] = await Promise.all([
      appKey === undefined ? undefined : orAbsent(this.directory.app(appKey)),
      environmentKey === undefined ? undefined : orAbsent(this.directory.environment(environmentKey)),
    ]);
    if (foundApp === null || foundEnvironment === null) return null;
    const place = { app: foundApp?.id ?? null, environment: foundEnvironment?.name ?? null };
    return appKey === undefined
      ? { place, noun: 'environment', key: environmentKey ?? '' }
      : { place, noun: 'app', key: appKey };
  }
}

const IN_QUERY = { app: ['query', 'app'], environment: ['query', 'environment'] } as const;

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
