import { type ExecutionContext, Injectable } from '@nestjs/common';
import { ModuleRef, Reflector } from '@nestjs/core';
import { DomainError } from '../../domain/kernel/errors.js';
import type { Effect } from '../../store/present-claim.js';
import type { HttpRequest } from '../http-request.js';
import { READ_AGAIN, type ReadAgain } from './read-again.decorator.js';

type Handlers = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** Reads again what a POST wrote whose answer was lost. */
@Injectable()
export class ResourceReader {
  constructor(
    private readonly modules: ModuleRef,
    private readonly reflector: Reflector,
  ) {}

  /** Whether a run with this effect did what the POST is for; if not, it may run again. */
  isDone(context: ExecutionContext, effect: Effect | null): effect is Effect {
    if (effect === null) return false;
    const { creates } = this.how(context) ?? {};
    return creates === undefined || effect[creates] !== undefined;
  }

  /** The resource as it is now. */
  async read(context: ExecutionContext, effect: Effect): Promise<unknown> {
    const how = this.how(context);
    if (how === undefined) throw unknowable(effect);
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const id = how.creates === undefined ? String(request.params['id']) : (effect[how.creates] ?? '');
    const controller = this.modules.get<Handlers>(how.of?.() ?? context.getClass(), { strict: false });
    return controller[how.by]?.(...(how.args?.(request, id) ?? [id, {}]));
  }

  private how(context: ExecutionContext): ReadAgain | undefined {
    return this.reflector.get<ReadAgain | undefined>(READ_AGAIN, context.getHandler());
  }
}

/** Better no answer than a second effect. */
function unknowable(effect: Effect): DomainError {
  const written = Object.entries(effect).map(([table, id]) => `${table} ${id}`);
  return new DomainError(
    'conflict',
    `The first request with this Idempotency-Key was carried out (${written.join(', ') || 'nothing new was created'}), but its answer was lost; read what it changed instead of repeating it.`,
  );
}
