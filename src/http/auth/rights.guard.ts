import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Caller } from '../../domain/access/caller.js';
import { allows, allowsSomewhere } from '../../domain/access/grant.js';
import type { Verb } from '../../domain/access/verb.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';
import { type Need, NEEDS } from './needs.decorator.js';
import { PUBLIC } from './public.decorator.js';
import { type NamedPlace, RequestTarget } from './request-target.js';

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
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.said<boolean>(PUBLIC, context) === true) return true;
    const request = context.switchToHttp().getRequest<HttpRequest>();
    if (request.caller === undefined) throw request.callerFault ?? notAuthenticated();
    const need = this.said<Need>(NEEDS, context);
    if (need === undefined) throw new DomainError('forbidden', 'Nobody may do this: no right to it is defined.');
    await this.require(need, request.caller, request);
    return true;
  }

  private said<T>(key: string, context: ExecutionContext): T | undefined {
    return this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
  }

  private async require({ verb, target }: Need, caller: Caller, request: HttpRequest): Promise<void> {
    if (!allowsSomewhere(caller.grants, verb)) throw forbidden(caller, verb);
    if (target.kind === 'somewhere') return;
    const named = await this.targets.of(target, request);
    if (named === null) return;
    if (target.kind !== 'everywhere') requireSight(caller, named);
    if (target.kind !== 'listed' && !allows(caller.grants, verb, named.place)) throw forbidden(caller, verb);
  }
}

/** A list or a name in it may leave out the app or the environment: then there is nothing to hide yet. */
function requireSight({ grants }: Caller, { place, noun, key }: NamedPlace): void {
  const seen = grants.some(
    ({ verbs, apps, environments }) =>
      verbs.length > 0 &&
      (place.app === null || apps === '*' || apps.includes(place.app)) &&
      (place.environment === null || environments === '*' || environments.includes(place.environment)),
  );
  if (!seen) throw notFound(noun, key);
}

const forbidden = ({ name }: Caller, verb: Verb): DomainError =>
  new DomainError(
    'forbidden',
    `${name} has no right to "${verb}" here. GET /me says what it may do where; an admin gives rights by teams or API tokens.`,
  );
