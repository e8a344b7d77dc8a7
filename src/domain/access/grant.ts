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

/** What concerns every app concerns every environment too: there the shortcut of images and reading would see too much. */
function covers(grant: Grant, verb: Verb, place: Place): boolean {
  const ofAnApp = place.app !== null && place.environment === null && grant.environments.length > 0;
  return coversApp(grant, place) && ((ofAnApp && IN_ANY_ENVIRONMENT.has(verb)) || coversEnvironment(grant, place));
}

const coversApp = ({ apps }: Grant, { app }: Place): boolean => apps === ALL || (app !== null && apps.includes(app));

const coversEnvironment = ({ environments }: Grant, { environment }: Place): boolean =>
  environments === ALL || (environment !== null && environments.includes(environment));

/** Whether who has these grants may see the app in some environment; any right to it lets see it. */
export function seesApp(grants: readonly Grant[], app: string): boolean {
  return allows(grants, 'read', { app, environment: null });
}

/** Whether who has these grants may see everything: nothing has to be hidden from them. */
export function seesEverything(grants: readonly Grant[]): boolean {
  return allows(grants, 'read', EVERYWHERE);
}

/**
 * Whether somebody who has these grants may give that one: all that it allows, they are allowed. Each app, environment
 * and verb of it must be covered whole by one of theirs, so that nothing is put together of two.
 */
export function mayGive(grants: readonly Grant[], given: Grant): boolean {
  return given.verbs.every((verb) =>
    placesOf(given).every((place) =>
      grants.some((grant) => holdsVerb(grant, verb) && coversApp(grant, place) && coversEnvironment(grant, place)),
    ),
  );
}

/** The corners of a grant: null stands for all, those that come later too. */
function placesOf({ apps, environments }: Grant): Place[] {
  const ofEach = environments === ALL ? [null] : environments;
  return (apps === ALL ? [null] : apps).flatMap((app) => ofEach.map((environment) => ({ app, environment })));
}
