import { DomainError, type FieldError } from '../kernel/errors.js';
import { VARIABLE } from '../kernel/names.js';

/** The variables of a Config Set. */
export type Config = Readonly<Record<string, string>>;

/** What is to change: a text sets a variable, `null` removes it. An empty text is a value like any other. */
export type ConfigChange = Readonly<Record<string, string | null>>;

/** Longest name, in characters. */
export const LONGEST_VARIABLE = 128;

/** Largest value and largest sum of names and values, in bytes of UTF-8: Linux gives a program 128 KiB for one of them. */
export const LARGEST = { value: 32 * 1024, config: 256 * 1024 } as const;

/** The variables after a change, in alphabetical order; throws `record_invalid` with every fault, never showing a value. */
export function mergeConfig(current: Config, change: Readonly<Record<string, unknown>>): Config {
  const faults = faultsOf(change, 'config');
  if (faults.length > 0) throw invalidConfig(faults);
  const merged = new Map(Object.entries(current));
  for (const [name, value] of Object.entries(change as ConfigChange)) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  const config = Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1)));
  return withinLimit(config);
}

/** Whether two are the same. */
export function sameConfig(one: Config, other: Config): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}

/** What is wrong with the names and values of a change; the field is named after `kind`. */
export function faultsOf(change: Readonly<Record<string, unknown>>, kind: 'config' | 'secrets'): FieldError[] {
  return Object.entries(change).flatMap(([name, value]) => faultOf(`${kind}.${name.slice(0, 80)}`, name, value));
}

function faultOf(field: string, name: string, value: unknown): FieldError[] {
  if (!VARIABLE.test(name) || name.length > LONGEST_VARIABLE || name === '__proto__')
    return [
      {
        field,
        message: `is no name of a variable: letters, digits and _, not beginning with a digit, at most ${LONGEST_VARIABLE}.`,
      },
    ];
  const fault = faultOfValue(value);
  return fault === null ? [] : [{ field, message: fault }];
}

function faultOfValue(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') return 'should be text in quotes, or null to remove the variable.';
  if (/\u0000|\p{Surrogate}/u.test(value))
    return 'holds a character that no variable can hold (NUL, or half of a pair).';
  const size = bytesOf(value);
  return size <= LARGEST.value ? null : `has ${size} bytes, but a value has at most ${LARGEST.value}.`;
}

function withinLimit(config: Config): Config {
  const size = sumOf(config);
  if (size <= LARGEST.config) return config;
  const message = `would have ${size} bytes, but all variables together have at most ${LARGEST.config}.`;
  throw invalidConfig([{ field: 'config', message }]);
}

/** How much variables take, names and values, in bytes of UTF-8. */
export function sumOf(config: Config): number {
  return Object.entries(config).reduce((sum, [name, value]) => sum + name.length + bytesOf(value), 0);
}

/** The refusal of a change, with every fault. */
export const invalidConfig = (faults: readonly FieldError[]): DomainError =>
  new DomainError('record_invalid', faults.map(({ field, message }) => `${field} ${message}`).join(' '), faults);

/** Length in UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
