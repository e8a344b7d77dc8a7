import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Caller } from '../../domain/access/caller.js';
import {
  ALL,
  allows,
  allowsSomewhere,
  EVERYWHERE,
  type Grant,
  type Place,
  seesEverything,
} from '../../domain/access/grant.js';
import type { Verb } from '../../domain/access/verb.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { HttpRequest } from '../http-request.js';
import { type Need, NEEDS } from './needs.decorator.js';
import { PUBLIC } from './public.decorator.js';
import { type NamedPlace, type PlacedTarget, RequestTarget, says } from './request-target.js';

/** The refusal of a request without a valid token; it says nothing of what was sent. */
export function notAuthenticated(): DomainError {
  return new DomainError(
    'not_authenticated',
    'A valid token is needed: send the header "Authorization: Bearer TOKEN", or the parameter github_access_token.',
  );
}

/**
 * Refuses everything that has no caller and is not public, and everything that its caller has no right to. What a
 * caller may not even see is answered as if it were not there.
 */
@Injectable()
export class RightsGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly targets: RequestTarget,
    private readonly trail: AuditTrail,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.said<boolean>(PUBLIC, context) === true) return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (request.caller === undefined) throw request.callerFault ?? notAuthenticated();
    const needs = this.said<readonly Need[]>(NEEDS, context) ?? [];
    if (needs.length === 0) throw new DomainError('forbidden', 'Nobody may do this: no right to it is defined.');
    try {
      for (const need of needs) if (isAsked(need, request)) await this.require(need, request.caller, request);
    } catch (error) {
      await this.trail.refuse(context, error);
      throw error;
    }
    return true;
  }

  private said<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }

  private async require({ verb, target }: Need, caller: Caller, request: HttpRequest): Promise<void> {
    if (target.kind === 'self') return;
    if (!allowsSomewhere(caller.grants, verb)) throw forbidden(caller, verb);
    if (target.kind === 'somewhere') return;
    if (target.kind === 'everywhere') return requireRight(caller, verb, EVERYWHERE);
    const named = await this.targets.of(target, request);
    const place = placeSeen(caller, target, named);
    if (place !== null) request.place ??= place;
    if (place !== null && target.kind !== 'listed') requireRight(caller, verb, place);
  }
}

const isAsked = ({ given }: Need, request: HttpRequest): boolean => given === undefined || says(given, request);

function requireRight(caller: Caller, verb: Verb, place: Place): void {
  if (!allows(caller.grants, verb, place)) throw forbidden(caller, verb);
}

/**
 * The place, or `not_found`, which must read the same for what is hidden and for what is not there, and come before any
 * fault of the input. To whom nothing is hidden, the handler says better what is not there: null.
 */
function placeSeen({ grants }: Caller, { kind }: PlacedTarget, { place, noun, key }: NamedPlace): Place | null {
  if (place === null && seesEverything(grants)) return null;
  const sees = kind === 'record' ? (at: Place) => allows(grants, 'read', at) : (at: Place) => seesSome(grants, at);
  if (place === null || !sees(place)) throw notFound(noun, key);
  return place;
}

/** A list or a name in it may leave out the app or the environment: then there is nothing to hide yet. */
function seesSome(grants: readonly Grant[], { app, environment }: Place): boolean {
  return grants.some(
    (grant) =>
      grant.verbs.length > 0 &&
      (app === null || grant.apps === ALL || grant.apps.includes(app)) &&
      (environment === null || grant.environments === ALL || grant.environments.includes(environment)),
  );
}

const forbidden = ({ name }: Caller, verb: Verb): DomainError =>
  new DomainError(
    'forbidden',
    `${name} has no right to "${verb}" here. GET /me says what it may do where; an admin gives rights by teams or API tokens.`,
  );
