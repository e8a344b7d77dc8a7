import { SHORTEST_SECRET } from '../../domain/config-set/change-variables.js';
import { redactDeep, redactor } from '../../domain/config-set/redact.js';

/** Stands where a value was taken out. */
export const REDACTED = '[redacted]';

/** Names of fields and variables whose values are never written down. */
const SECRET_NAME =
  /secret|token|passw|passphrase|sealed|digest|authori[sz]ation|api_?key|private|credential|cookie|signature|_key$|^key$|^box$/i;

/** Maps that come from outside and may hold anything: their names stay, their values go. */
const VARIABLES = /^(config|env|variables)$/i;

/** Addresses may carry a secret in their path, as incoming webhooks of chats do: what is left is where they point to. */
const ADDRESS = /(^|_)url$/i;

/** Deeper than anything that Jockey takes. */
const DEEPEST = 12;

/** What of a request may be written down: of variables the names alone, and a secret nowhere else in it either. */
export function redactInput(value: unknown): unknown {
  const secrets: string[] = [];
  const clean = redacted(value, { depth: 0, hide: false, hideVariables: true, secrets });
  const known = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
  return redactDeep(clean, redactor(known.map((secret) => ({ name: 'of this request', value: secret }))));
}

/** What of a row or an answer may be written down. Plain variables stay, as they do in the API. */
export function redactRecord(value: unknown): unknown {
  return redacted(value, { depth: 0, hide: false, hideVariables: false });
}

interface Way {
  readonly depth: number;
  /** Whether all that is below is secret. */
  readonly hide: boolean;
  readonly hideVariables: boolean;
  /** Texts that were taken out because of the name that they stand under. */
  readonly secrets?: string[];
}

function redacted(value: unknown, way: Way): unknown {
  if (value === null || value === undefined || value === '') return value ?? null;
  if (way.depth > DEEPEST) return REDACTED;
  const below = { ...way, depth: way.depth + 1 };
  if (Array.isArray(value)) return value.map((each) => redacted(each, below));
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, field(name, each, below)]));
  if (way.hide) return REDACTED;
  return typeof value === 'string' ? withoutPasswords(value) : value;
}

function field(name: string, value: unknown, way: Way): unknown {
  if (typeof value === 'boolean') return value;
  if (SECRET_NAME.test(name)) way.secrets?.push(...textsIn(value, way.depth));
  const hide = way.hide || SECRET_NAME.test(name) || (way.hideVariables && VARIABLES.test(name));
  if (!hide && ADDRESS.test(name) && typeof value === 'string') return whereTo(value);
  return redacted(value, { ...way, hide });
}

function textsIn(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return [];
  return Object.values(value).flatMap((each) => textsIn(each, depth + 1));
}

/** `https://user:word@host` without the middle. */
const withoutPasswords = (text: string): string => text.replace(/\/\/[^/@\s]*@/g, `//${REDACTED}@`);

function whereTo(address: string): string {
  const parsed = URL.canParse(address) ? new URL(address) : null;
  if (parsed === null || parsed.host === '') return withoutPasswords(address.split('?')[0] ?? '');
  const rest = parsed.pathname === '/' && parsed.search === '' ? '' : `/${REDACTED}`;
  return `${parsed.protocol}//${parsed.host}${rest}`;
}
