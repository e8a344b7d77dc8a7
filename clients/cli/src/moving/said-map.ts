/** A map as a YAML file says it. */
export type SaidMap = Readonly<Record<string, unknown>>;

/** The map that stands there; empty for all else. */
export function mapAt(map: SaidMap, key: string): SaidMap {
  return asMap(map[key]);
}

/** The value as a map; empty where it is none. */
export function asMap(value: unknown): SaidMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SaidMap) : {};
}

/** The value as a list; empty where it is none. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The text that stands there, of a number too; undefined for all else. */
export function textAt(map: SaidMap, key: string): string | undefined {
  return asText(map[key]);
}

/** The value as a text; undefined for maps, lists and nothing. */
export function asText(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/** A number that stands there, or a text that is one. */
export function numberAt(map: SaidMap, key: string): number | undefined {
  const number = Number(textAt(map, key) ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
}

/** A command as one text: words of a list are quoted where they have to be. */
export function commandOf(value: unknown): string | undefined {
  const words = asList(value).map((word) => asText(word) ?? '');
  return words.length > 0 ? words.map(quoted).join(' ') : asText(value);
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replaceAll(/["\\]/g, '\\$&')}"`;

const SIZES: Readonly<Record<string, number>> = { '': 1 / 1_048_576, b: 1 / 1_048_576, k: 1 / 1024, m: 1, g: 1024 };

/** Mebibytes of `512M`, `512mb`, `1g`, or a number of bytes; undefined for what says no size. */
export function mebibytesOf(text: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?$/i.exec(text ?? '') ?? [];
  const size = SIZES[(unit ?? '').toLowerCase()];
  return number === undefined || size === undefined ? undefined : Math.ceil(Number(number) * size);
}

/** What is said of a thing, without what is not. */
export function givenOnly<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
