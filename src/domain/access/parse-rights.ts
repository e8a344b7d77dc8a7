import { LABEL, LONGEST } from '../kernel/names.js';
import { ALL } from './grant.js';
import { type Role, ROLES } from './verb.js';

/** What somebody is, and where: the right side of a rule. */
export interface Rights {
  readonly role: Role;
  /** Names of environments. */
  readonly environments: typeof ALL | readonly string[];
}

/** Reads `deployer`, `deployer:staging` or `deployer:staging|development`; for what is none, the fault. */
export function parseRights(text: string): Rights | string {
  const [role, where, ...rest] = text.split(':').map((each) => each.trim());
  if (!isRole(role) || rest.length > 0) return `"${shorten(text)}" should be one of the roles ${ROLES.join(', ')}`;
  const environments = where === undefined ? ALL : where.split('|').map((each) => each.trim());
  const unknown = environments === ALL ? undefined : environments.find((name) => !isEnvironment(name));
  return unknown === undefined ? { role, environments } : `"${shorten(unknown)}" is no name of an environment`;
}

/** A part of a text as a fault shows it: one line, and short. */
export const shorten = (text: string): string => text.slice(0, 60);

const isRole = (word: string | undefined): word is Role => ROLES.includes(word as Role);

const isEnvironment = (name: string): boolean => LABEL.test(name) && name.length <= LONGEST.environment;
