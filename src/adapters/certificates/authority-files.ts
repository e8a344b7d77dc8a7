import { createPrivateKey, type KeyObject, type webcrypto, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';

/** Where the authority of hosts lies; both or none. */
export interface AuthorityFiles {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** The authority that signs for hosts. */
export interface Authority {
  readonly pem: string;
  readonly certificate: X509Certificate;
  readonly key: webcrypto.CryptoKey;
  /** What its key signs with. */
  readonly algorithm: SigningAlgorithm;
}

/** A kind of key, as Web Crypto names it. */
interface SigningAlgorithm {
  readonly name: string;
  readonly hash: string;
  readonly namedCurve?: string;
}

/** Curves by the names that OpenSSL has for them. */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

/** Reads it each time, so that a new one is taken without a restart. Null where none is named. */
export async function readAuthority({ certificate, key }: AuthorityFiles): Promise<Authority | null> {
  if (certificate === undefined && key === undefined) return null;
  const pem = await textOf('HOST_CA_CERT_FILE', certificate);
  const secret = await textOf('HOST_CA_KEY_FILE', key);
  const parsed = parse('HOST_CA_CERT_FILE', 'a certificate as PEM', () => new X509Certificate(pem));
  const privateKey = parse('HOST_CA_KEY_FILE', 'a private key as PEM without a password', () =>
    createPrivateKey(secret),
  );
  if (!parsed.ca) throw wrong('HOST_CA_CERT_FILE', 'the certificate of an authority (CA:TRUE)');
  if (!parsed.checkPrivateKey(privateKey))
    throw wrong('HOST_CA_KEY_FILE', 'the key of the certificate in HOST_CA_CERT_FILE');
  if (new Date(parsed.validTo) < new Date())
    throw wrong('HOST_CA_CERT_FILE', `a certificate that is still valid, but it ended on ${parsed.validTo}`);
  const algorithm = algorithmOf(privateKey);
  return { pem, certificate: parsed, key: await imported(privateKey, algorithm), algorithm };
}

async function imported(key: KeyObject, algorithm: SigningAlgorithm): Promise<webcrypto.CryptoKey> {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

function algorithmOf(key: KeyObject): SigningAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const namedCurve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (namedCurve === undefined) throw wrong('HOST_CA_KEY_FILE', 'a key of RSA, or of the curve P-256, P-384 or P-521');
  return { name: 'ECDSA', hash: namedCurve === 'P-256' ? 'SHA-256' : 'SHA-384', namedCurve };
}

async function textOf(setting: string, path: string | undefined): Promise<string> {
  if (path === undefined) throw wrong(setting, 'set too: the authority of hosts needs its certificate and its key');
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw wrong(setting, `a file that can be read: ${sentenceOf(error)}`);
  });
}

function parse<T>(setting: string, what: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw wrong(setting, what);
  }
}

const wrong = (setting: string, what: string): DomainError =>
  new DomainError('unprocessable_entity', `${setting} should be ${what}.`);
