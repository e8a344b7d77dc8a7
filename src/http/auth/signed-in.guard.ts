import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';
import { PUBLIC } from './public.decorator.js';

/** The refusal of a request without a valid token; it says nothing of what was sent. */
export function notAuthenticated(): DomainError {
  return new DomainError(
    'not_authenticated',
    'A valid token is needed: send the header "Authorization: Bearer TOKEN", or the parameter github_access_token.',
  );
}

/** Refuses everything that has no caller and is not public. */
@Injectable()
export class SignedInGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const open = this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (open === true || context.switchToHttp().getRequest<HttpRequest>().caller !== undefined) return true;
    throw notAuthenticated();
  }
}
