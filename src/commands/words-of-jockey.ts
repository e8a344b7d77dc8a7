import type { Parameter } from './command.js';

/** An app by its name. */
export const APP: Parameter = { name: 'APP', about: 'The name of an app.' };

/** An environment by its name. */
export const ENVIRONMENT: Parameter = { name: 'ENVIRONMENT', about: 'The name of an environment, such as production.' };

/** A commit as people say it. */
export const shortSha = (sha: string): string => sha.slice(0, 12);

/** A query that holds only what was given. */
export function query(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).filter((each): each is [string, string] => each[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** A name or id as a part of a path. */
export const inPath = (name: string | undefined): string => encodeURIComponent(name ?? '');
