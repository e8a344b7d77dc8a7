/** A secret that must not be seen. */
export interface KnownSecret {
  readonly name: string;
  readonly value: string;
}

/** A text without the secrets in it: each is `[secret NAME]`. */
export type Redact = (text: string) => string;

/** Lines of a secret of many lines that are too short to be told from anything else are let through, in characters. */
const SHORTEST_LINE = 8;

/** A part of a secret at the edge of a text that was cut is taken out from so many characters on, and from its half on. */
const SHORTEST_PART = 8;

/**
 * Takes secrets out of texts: as they are, line by line (a log has lines), and as JSON, URLs, Base64 and a shell's double
 * quotes show them; also a part of one at the beginning or the end of a text, which may have been cut there.
 */
export function redactor(secrets: readonly KnownSecret[]): Redact {
  const forms = secrets.flatMap((secret) => formsOf(secret));
  if (forms.length === 0) return (text) => text;
  const unique = [...new Map(forms.map((form) => [form.value, form])).values()];
  return (text) => replaced(text, merged(unique.flatMap((form) => found(text, form))));
}

/** Of a text that goes on: its beginning without the secrets in it, and its end, in which one may have begun. */
export interface RedactedHead {
  readonly said: string;
  readonly rest: string;
}

/**
 * Takes secrets out of the beginning of a text that goes on, and keeps back as much of its end as a secret may have begun
 * in: with the rest before what comes next, none is missed that was cut. A text of nothing but secrets keeps no more back
 * than so many characters.
 */
export function headRedactor(secrets: readonly KnownSecret[], most: number): (text: string) => RedactedHead {
  const forms = secrets.flatMap((secret) => formsOf(secret));
  const redact = redactor(secrets);
  const longest = Math.max(1, ...forms.map(({ value }) => value.length));
  return (text) => {
    const edge = Math.max(0, text.length - longest + 1);
    const across = merged(forms.flatMap((form) => whole(text, form))).find(({ from, to }) => from < edge && to > edge);
    const at = across === undefined ? edge : across.from;
    if (text.length - at > Math.max(most, 2 * longest)) return { said: redact(text), rest: '' };
    return { said: redact(text.slice(0, at)), rest: text.slice(at) };
  };
}

/** Everything that may be seen of a JSON value without the secrets in it, its field names too. */
export function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((each) => redactDeep(each, redact));
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [redact(name), redactDeep(each, redact)]));
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Each form in which a secret may be seen. */
function formsOf({ name, value }: KnownSecret): KnownSecret[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const encoded = [
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    value.replaceAll(/[\\"$`]/g, '\\$&'),
    ...base64Forms(value),
  ];
  return [value, value.trim(), ...encoded, ...(lines.length > 1 ? lines.filter(isLong) : [])]
    .filter((form) => form !== '')
    .map((form) => ({ name, value: form }));
}

const isLong = ({ length }: string): boolean => length >= SHORTEST_LINE;

function whole(text: string, { name, value }: KnownSecret): Span[] {
  const spans: Span[] = [];
  for (let from = text.indexOf(value); from >= 0; from = text.indexOf(value, from + 1))
    spans.push({ from, to: from + value.length, name });
  return spans;
}

function found(text: string, { name, value }: KnownSecret): Span[] {
  const spans = whole(text, { name, value });
  const atEnd = longest(value, text, 'end');
  const atStart = longest(value, text, 'start');
  if (atEnd > 0) spans.push({ from: text.length - atEnd, to: text.length, name });
  if (atStart > 0) spans.push({ from: 0, to: atStart, name });
  return spans;
}

/** How much of a secret's beginning is the end of the text, or of its end the beginning; 0 where that says nothing. */
function longest(value: string, text: string, edge: 'start' | 'end'): number {
  const least = Math.max(SHORTEST_PART, Math.ceil(value.length / 2));
  const tip = edge === 'end' ? text.slice(-SHORTEST_PART) : text.slice(0, SHORTEST_PART);
  if (value.length <= least || tip.length < SHORTEST_PART || !value.includes(tip)) return 0;
  for (let length = Math.min(value.length - 1, text.length); length >= least; length -= 1) {
    const there = edge === 'end' ? text.endsWith(value.slice(0, length)) : text.startsWith(value.slice(-length));
    if (there) return length;
  }
  return 0;
}

/** Those that overlap are one, named after the first: nothing of either may stay. */
function merged(spans: readonly Span[]): Span[] {
  const done: Span[] = [];
  for (const span of [...spans].sort((one, other) => one.from - other.from || other.to - one.to)) {
    const last = done.at(-1);
    if (last === undefined || span.from >= last.to) done.push(span);
    else done[done.length - 1] = { ...last, to: Math.max(last.to, span.to) };
  }
  return done;
}

function replaced(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  const parts = spans.map(({ from, name }, at) => `${text.slice(spans[at - 1]?.to ?? 0, from)}[secret ${name}]`);
  return parts.join('') + text.slice(spans.at(-1)?.to);
}

/**
 * What Base64 shows of a secret wherever it stands in what is encoded, `user:SECRET` say: three bytes are four digits, so
 * there are three ways, of which only the digits that are the secret's alone count. The domain knows no Buffer.
 */
function base64Forms(value: string): string[] {
  const bytes = [...encodeURIComponent(value).matchAll(/%([0-9A-F]{2})|[^%]/g)].map(([char, hex]) =>
    hex === undefined ? char.charCodeAt(0) : Number.parseInt(hex, 16),
  );
  const forms = [0, 1, 2].map((before) => {
    const bits = [...Array<number>(before).fill(0), ...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor(bits.length / 6);
    return Array.from({ length: end - first }, (_, at) => digitOf(bits.slice((first + at) * 6, (first + at + 1) * 6)));
  });
  const texts = forms.map((digits) => digits.join('')).filter(isLong);
  return texts.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const digitOf = (bits: string): string => ALPHABET.charAt(Number.parseInt(bits, 2));
