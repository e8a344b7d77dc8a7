import 'reflect-metadata';
import { ModulesContainer } from '@nestjs/core';
import { RequestMethod } from '@nestjs/common';
import { PUBLIC } from '../../src/http/auth/public.decorator.js';
import { READ_AGAIN, type ReadAgain, WRITES_NOTHING } from '../../src/http/idempotency/read-again.decorator.js';
import type { TestApi } from './api.js';

/** One handler of the API, as its decorators say. */
export interface Handler {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly controller: new (...args: never[]) => object;
  readonly isPublic: boolean;
  readonly writesNothing: boolean;
  readonly readsAgain: ReadAgain | undefined;
}

/** Every handler that writes: of another method than GET, and not marked as one that only looks. */
export function writersOf(api: TestApi): readonly Handler[] {
  return handlersOf(api).filter(({ method, writesNothing }) => !['GET', 'HEAD'].includes(method) && !writesNothing);
}

/** Every handler of every controller of the API. */
export function handlersOf(api: TestApi): readonly Handler[] {
  const controllers = [...api.app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => handlersIn(metatype as Handler['controller']));
}

function handlersIn(controller: Handler['controller']): Handler[] {
  const said = (key: string, at: object): unknown => Reflect.getMetadata(key, at);
  const prototype = controller.prototype as Record<string, object>;
  return Object.getOwnPropertyNames(prototype).flatMap((operation) => {
    const handler = operation === 'constructor' ? undefined : prototype[operation];
    const path = handler === undefined ? undefined : (said('path', handler) as string | undefined);
    if (handler === undefined || path === undefined) return [];
    const either = (key: string): unknown => said(key, handler) ?? said(key, controller);
    const base = [said('path', controller) as string].flat()[0] ?? '';
    return [
      {
        operation,
        method: RequestMethod[said('method', handler) as number] ?? '',
        path: `/${[base, path]
          .map((part) => part.replace(/^\/|\/$/g, ''))
          .filter((part) => part !== '')
          .join('/')}`,
        controller,
        isPublic: either(PUBLIC) === true,
        writesNothing: either(WRITES_NOTHING) === true,
        readsAgain: said(READ_AGAIN, handler) as ReadAgain | undefined,
      },
    ];
  });
}
