import { safeText } from '../safe-text.js';
import { inWords } from './field-at.js';

/** The fields of one thing for people, each on its line; lists of things have a line for each entry. */
export function described(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => [...(at === 0 ? [] : ['']), ...described(each)]);
  if (typeof value !== 'object' || value === null) return [safeText(String(value))];
  const fields = Object.entries(value).filter(([, each]) => !isNothing(each));
  const width = Math.max(0, ...fields.map(([name]) => name.length));
  return fields.flatMap(([name, each]) => fieldLines(name.padEnd(width), each));
}

const isNothing = (value: unknown): boolean =>
  value === null || value === '' || value === undefined || (Array.isArray(value) && value.length === 0);

function fieldLines(name: string, value: unknown): readonly string[] {
  if (isListOfThings(value)) return [name.trimEnd(), ...value.map((each) => `  - ${entry(each)}`)];
  if (isThing(value) && typeof value['name'] !== 'string')
    return [name.trimEnd(), ...described(value).map((line) => `  ${line}`)];
  const [first = '', ...rest] = safeText(inWords(value)).split('\n');
  return [`${name}  ${first}`, ...rest.map((line) => `${' '.repeat(name.length)}  ${line}`)];
}

const isThing = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfThings = (value: unknown): value is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && value.some(isThing);

/** One entry of a list: all its fields on a line. */
const entry = (value: Readonly<Record<string, unknown>>): string =>
  safeText(
    Object.entries(value)
      .filter(([, each]) => !isNothing(each))
      .map(([name, each]) => `${name}: ${inWords(each)}`)
      .join(', '),
  ).replace(/\s+/g, ' ');
