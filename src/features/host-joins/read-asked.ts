import { DomainError, invalid } from '../../domain/kernel/errors.js';

/** What a host asks for. */
export interface Asked {
  /** A certificate request (PKCS #10) as PEM, for exactly one IP address. */
  readonly csr: string;
  /** Of the user data; not needed beside a certificate that is still good. */
  readonly token: string | null;
  /** The group's machine that it is. */
  readonly machine: string | null;
  /** The certificate that it has, as PEM. */
  readonly certificate: string | null;
}

/** A request with two certificates has some 3 kB; in bytes. */
const LONGEST = 32_768;

/** The longest of each field, in characters. */
const LIMITS = { csr: 16_384, token: 100, machine: 64, certificate: 16_384 } as const;

/** Reads what a stranger sent. Throws `bad_request`, `payload_too_large`, or `record_invalid` that names the field. */
export function readAsked(body: Buffer): Asked {
  if (body.length > LONGEST)
    throw new DomainError(
      'payload_too_large',
      `The body should have at most ${LONGEST} bytes, but has ${body.length}.`,
    );
  const fields = objectOf(body.toString('utf8'));
  const unknown = Object.keys(fields).find((name) => !(name in LIMITS));
  if (unknown !== undefined)
    throw invalid(unknown.slice(0, 80), 'is not known; csr, token, machine and certificate are.');
  const [csr, token, machine, certificate] = (['csr', 'token', 'machine', 'certificate'] as const).map((name) =>
    textOf(fields, name),
  );
  if (typeof csr !== 'string') throw invalid('csr', 'is missing: it should be a certificate request as PEM.');
  return { csr, token: token ?? null, machine: machine ?? null, certificate: certificate ?? null };
}

function textOf(fields: Readonly<Record<string, unknown>>, name: keyof typeof LIMITS): string | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || value.length > LIMITS[name])
    throw invalid(name, `should be a text of at most ${LIMITS[name]} characters.`);
  return value;
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new DomainError('bad_request', 'The body should be a JSON object: {"csr": "-----BEGIN…", "token": "jky_…"}.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
