import type { Verb } from './verb.js';

/** All of a kind, also those that come later. */
export const ALL = '*';

/** Verbs on some apps in some environments. Whoever has any verb there may read there too. */
export interface Grant {
  readonly verbs: readonly Verb[];
  /** Ids of apps: a name may pass to another app, an id never does. */
  readonly apps: typeof ALL | readonly string[];
  /** Names of environments, which never change. */
  readonly environments: typeof ALL | readonly string[];
}

/** Where something is done. */
export interface Place {
  /** Id of the app; null for what concerns every app. */
  readonly app: string | null;
  /** Name of the environment; null for what concerns every environment. */
  readonly environment: string | null;
}

/** What concerns everything. */
export const EVERYWHERE: Place = { app: null, environment: null };

/** An image serves in every environment, and an app is seen in any: for these a right in one environment is enough. */
const IN_ANY_ENVIRONMENT: ReadonlySet<Verb> = new Set<Verb>(['read', 'build']);

/** Whether one of the grants allows the verb there. */
export function allows(grants: readonly Grant[], verb: Verb, place: Place): boolean {
  return grants.some((grant) => holdsVerb(grant, verb) && covers(grant, verb, place));
}

/** Whether one of the grants allows the verb anywhere at all. */
export function allowsSomewhere(grants: readonly Grant[], verb: Verb): boolean {
  return grants.some((grant) => holdsVerb(grant, verb));
}

const holdsVerb = ({ verbs }: Grant, verb: Verb): boolean =>
  verbs.includes(verb) || (verb === 'read' && verbs.length > 0);

function covers({ apps, environments }: Grant, verb: Verb, { app, environment }: Place): boolean {
  const appCovered = apps === ALL || (app !== null && apps.includes(app));
  const anywhere = environment === null && IN_ANY_ENVIRONMENT.has(verb);
  return (
    appCovered && (anywhere || environments === ALL || (environment !== null && environments.includes(environment)))
  );
}
