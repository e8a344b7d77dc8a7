import type { Application } from 'express';

interface RouteLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that a path takes, in capitals; empty for a path that is not there. */
export function allowedMethods(app: Application, path: string): string[] {
  const layers = app.router.stack as unknown as readonly RouteLayer[];
  const methods = layers.flatMap((layer) =>
    layer.route !== undefined && matches(layer, path) ? Object.keys(layer.route.methods) : [],
  );
  return [...new Set(methods.map((method) => method.toUpperCase()))].sort();
}

/** A path that cannot be decoded matches nothing. */
function matches(layer: RouteLayer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
