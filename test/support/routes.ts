import { RequestMethod } from '@nestjs/common';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import { type Need, NEEDS } from '../../src/http/auth/needs.decorator.js';
import { PUBLIC } from '../../src/http/auth/public.decorator.js';
import type { TestApi } from './api.js';

/** A route, as a handler declares it. */
export interface DeclaredRoute {
  /** `GET` … */
  readonly method: string;
  /** `/apps/:id` */
  readonly path: string;
  /** What it needs; empty where nothing is said. */
  readonly needs: readonly Need[];
  readonly isPublic: boolean;
}

/** `GET /apps/:id` */
export const nameOf = ({ method, path }: Pick<DeclaredRoute, 'method' | 'path'>): string => `${method} ${path}`;

type Handler = (...args: unknown[]) => unknown;

/** Every route that a controller of the running API declares. */
export function declaredRoutes({ app }: TestApi): DeclaredRoute[] {
  const modules = [...app.get(ModulesContainer).values()];
  const controllers = modules.flatMap(({ controllers: all }) => [...all.values()].map(({ metatype }) => metatype));
  return [...new Set(controllers)].flatMap((controller) => routesOf(controller as new () => object));
}

function routesOf(controller: new () => object): DeclaredRoute[] {
  const prototype = controller.prototype as Record<string, Handler>;
  const handlers = new MetadataScanner().getAllMethodNames(prototype).map((name) => prototype[name] as Handler);
  return handlers
    .filter((handler) => Reflect.hasMetadata('method', handler))
    .flatMap((handler) => {
      const method = RequestMethod[Reflect.getMetadata('method', handler) as number] ?? '';
      const said = <T>(key: string): T | undefined => new Reflector().getAllAndOverride<T>(key, [handler, controller]);
      const paths = [Reflect.getMetadata('path', handler) as string | string[]].flat();
      return paths.map((path) => ({
        method,
        path: joined(Reflect.getMetadata('path', controller) as string, path),
        needs: said<readonly Need[]>(NEEDS) ?? [],
        isPublic: said<boolean>(PUBLIC) === true,
      }));
    });
}

const joined = (...parts: string[]): string =>
  `/${parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

/** Every route that Express knows, whoever mounted it: `GET /apps/:id`. */
export function mountedRoutes({ app }: TestApi): string[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: readonly Layer[] } };
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : Object.keys(route.methods).map((method) => nameOf({ method: method.toUpperCase(), path: route.path })),
  );
}
