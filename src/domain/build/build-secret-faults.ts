import { SHORTEST_SECRET } from '../config-set/change-variables.js';
import type { FieldError } from '../kernel/errors.js';

/** So many secrets the builds of an app have, so long is a name in characters, and so large a value in bytes; BuildKit takes no larger ones. */
export const BUILD_SECRETS = { most: 50, longestName: 128, largest: 64 * 1024 } as const;

/** What may stand in `--mount=type=secret,id=…` without quotes, and be the name of a file in /run/secrets. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;

/** What is wrong with a change of the secrets: a text sets one, null removes it. No value is ever shown. */
export function buildSecretFaults(now: readonly string[], change: Readonly<Record<string, unknown>>): FieldError[] {
  const faults = Object.entries(change).flatMap(([name, value]) => faultOf(name, value));
  if (faults.length > 0) return faults;
  const set = Object.keys(change).filter((name) => change[name] !== null);
  const stay = now.filter((name) => !Object.hasOwn(change, name));
  const count = set.length + stay.length;
  if (count <= BUILD_SECRETS.most) return [];
  return [{ field: 'secrets', message: `would be ${count}, but an app's builds have at most ${BUILD_SECRETS.most}.` }];
}

function faultOf(name: string, value: unknown): FieldError[] {
  const field = `secrets.${name.slice(0, 80)}`;
  const message = nameFault(name) ?? (value === null ? null : valueFault(value));
  return message === null ? [] : [{ field, message }];
}

function nameFault(name: string): string | null {
  if (NAME.test(name) && name.length <= BUILD_SECRETS.longestName && name !== '__proto__') return null;
  return `is no name of a build secret: letters, digits, _, - and ., beginning with none of the last two, at most ${BUILD_SECRETS.longestName}.`;
}

function valueFault(value: unknown): string | null {
  if (typeof value !== 'string') return 'should be text in quotes, or null to remove the secret.';
  if (/\u0000|\p{Surrogate}/u.test(value)) return 'holds a character that no text can hold (NUL, or half of a pair).';
  if (value.length < SHORTEST_SECRET)
    return `has ${value.length} characters, but a secret has at least ${SHORTEST_SECRET}: a shorter one cannot be taken out of logs.${value === '' ? ' Say null to remove it.' : ''}`;
  const size = encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, 'x').length;
  return size <= BUILD_SECRETS.largest ? null : `has ${size} bytes, but a value has at most ${BUILD_SECRETS.largest}.`;
}
