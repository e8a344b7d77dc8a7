/** An app in an environment: what a host name leads to. */
export interface RoutePlace {
  /** Name of the app. */
  readonly app: string;
  /** Name of the environment. */
  readonly environment: string;
}

/**
 * The host name of an app in an environment: the pattern of ROUTING_HOST, `{app}.{environment}.example.com`, filled in.
 * Names are DNS labels already and stand in labels of their own, so no two places share a host name. Null without a
 * pattern.
 */
export function hostNameOf(pattern: string | null, { app, environment }: RoutePlace): string | null {
  return pattern?.replace('{app}', app).replace('{environment}', environment).toLowerCase() ?? null;
}
