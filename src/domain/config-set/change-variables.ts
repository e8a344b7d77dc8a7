import type { FieldError } from '../kernel/errors.js';
import { type Config, faultsOf, invalidConfig, LARGEST, mergeConfig, sumOf } from './merge-config.js';

/** Shortest secret, in characters: a shorter text is everywhere, and cannot be taken out of what is logged. */
export const SHORTEST_SECRET = 4;

/** The variables of a Config Set, without the values of its secrets. */
export interface Variables {
  readonly config: Config;
  /** How long each secret is, in bytes of UTF-8, by name. */
  readonly secretSizes: Readonly<Record<string, number>>;
}

/** What is to change, as it was sent: a text sets a variable, `null` removes it. */
export interface VariablesChange {
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

/** What the variables become. */
export interface ChangedVariables {
  /** Those that are no secrets, in alphabetical order. */
  readonly config: Config;
  /** Names of the secrets that stay as they are. */
  readonly kept: readonly string[];
  /** Secrets that are set. */
  readonly set: Config;
  /** Names that were plain and are secrets now. */
  readonly hidden: readonly string[];
}

/** The variables after a change; throws `record_invalid` with every fault, never showing a value. */
export function changeVariables(now: Variables, change: VariablesChange): ChangedVariables {
  const faults = [
    ...faultsOf(change.config, 'config'),
    ...faultsOf(change.secrets, 'secrets'),
    ...Object.entries(change.secrets).flatMap(([name, value]) => tooShort(name, value)),
  ];
  if (faults.length > 0) throw invalidConfig(faults);
  const clashes = clashesOf(now, change);
  if (clashes.length > 0) throw invalidConfig(clashes);
  const set = Object.fromEntries(Object.entries(change.secrets).filter(isText));
  const hidden = Object.keys(set).filter((name) => Object.hasOwn(now.config, name));
  const config = mergeConfig(now.config, { ...change.config, ...Object.fromEntries(hidden.map(toNull)) });
  const kept = Object.keys(now.secretSizes).filter((name) => !Object.hasOwn(change.secrets, name));
  withinLimit(now, { config, kept, set });
  return { config, kept, set, hidden };
}

const toNull = (name: string): [string, null] => [name, null];

const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string';

function tooShort(name: string, value: unknown): FieldError[] {
  if (typeof value !== 'string' || value.length >= SHORTEST_SECRET) return [];
  const way = value === '' ? ' Say null to remove it.' : '';
  const message = `has ${value.length} characters, but a secret has at least ${SHORTEST_SECRET}: a shorter one cannot be taken out of logs.${way}`;
  return [{ field: fieldOf('secrets', name), message }];
}

/** A name is plain or secret; what makes it the other has to say so. */
function clashesOf({ config, secretSizes }: Variables, change: VariablesChange): FieldError[] {
  const secret = (name: string): boolean => Object.hasOwn(secretSizes, name);
  const plain = Object.entries(change.config).flatMap(([name, value]): FieldError[] => {
    const field = fieldOf('config', name);
    if (value !== null && typeof change.secrets[name] === 'string')
      return [{ field, message: 'is set as a secret too; leave one of them out.' }];
    if (!secret(name) || Object.hasOwn(change.secrets, name)) return [];
    const way = `secrets: {"${name}": ${value === null ? 'null} removes it' : '"…"} sets it'}`;
    const open = value === null ? '' : `; with secrets: {"${name}": null} beside it, it is plain from now on`;
    return [{ field, message: `is a secret: ${way}${open}.` }];
  });
  const removed = Object.entries(change.secrets).flatMap(([name, value]): FieldError[] =>
    value === null && !secret(name) && Object.hasOwn(config, name) && !Object.hasOwn(change.config, name)
      ? [{ field: fieldOf('secrets', name), message: `is no secret: config: {"${name}": null} removes it.` }]
      : [],
  );
  return [...plain, ...removed];
}

function withinLimit({ secretSizes }: Variables, { config, kept, set }: Omit<ChangedVariables, 'hidden'>): void {
  const secrets = kept.reduce((sum, name) => sum + name.length + (secretSizes[name] ?? 0), 0);
  const size = sumOf(config) + sumOf(set) + secrets;
  if (size <= LARGEST.config) return;
  const message = `would have ${size} bytes, but all variables together have at most ${LARGEST.config}.`;
  throw invalidConfig([{ field: 'config', message }]);
}

const fieldOf = (kind: string, name: string): string => `${kind}.${name.slice(0, 80)}`;
