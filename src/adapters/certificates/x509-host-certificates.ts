import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import type * as X509 from '@peculiar/x509';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import type {
  CertificateRequest,
  HeldCertificate,
  HostCertificate,
  HostCertificates,
  SignedFor,
} from '../../ports/host-certificates.js';
import { type Authority, type AuthorityFiles, readAuthority } from './authority-files.js';

/** The library is loaded when a host first asks: most processes never sign. */
const library = async (): Promise<typeof X509> => {
  await import('reflect-metadata');
  return import('@peculiar/x509');
};

/** A certificate counts from a little before now, because the host's clock may be behind, in milliseconds. */
const CLOCK_TOLERANCE = 5 * 60_000;

const DAY = 86_400_000;

/** Extended key usage of servers: RFC 5280, section 4.2.1.12. */
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/** Object identifier of the names in a request or certificate: RFC 5280, section 4.2.1.6. */
const ALTERNATIVE_NAMES = '2.5.29.17';

/** Signs with an authority whose certificate and key lie in files. */
export class X509HostCertificates implements HostCertificates {
  constructor(private readonly files: AuthorityFiles) {}

  async authority(): Promise<string | null> {
    return (await readAuthority(this.files))?.pem ?? null;
  }

  async read(csr: string): Promise<CertificateRequest> {
    const { request, names } = await parsed(csr);
    const addresses = names.filter(({ type }) => type === 'ip').map(({ value }) => value);
    return { addresses, publicKey: digest(request.publicKey.rawData) };
  }

  async sign(csr: string, { address, days }: SignedFor): Promise<HostCertificate> {
    const authority = await this.required();
    const { request } = await parsed(csr);
    const x509 = await library();
    const issuer = new x509.X509Certificate(authority.pem);
    const serial = newSerial();
    const expiresAt = new Date(Math.min(Date.now() + days * DAY, new Date(authority.certificate.validTo).getTime()));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial,
      issuer: issuer.subjectName,
      subject: `CN=${address}`,
      notBefore: new Date(Date.now() - CLOCK_TOLERANCE),
      notAfter: expiresAt,
      publicKey: request.publicKey,
      signingKey: authority.key,
      signingAlgorithm: authority.algorithm,
      extensions: [...extensionsOf(x509, address), ...(await keyIdentifiers(x509, issuer, request))],
    });
    return { pem: `${certificate.toString('pem').trimEnd()}\n`, serial, expiresAt };
  }

  async held(pem: string): Promise<HeldCertificate | null> {
    const authority = await this.required();
    const certificate = certificateOf(pem);
    if (certificate === null || !isSignedFor(certificate, authority)) return null;
    const addresses = [...(certificate.subjectAltName ?? '').matchAll(/IP Address:([0-9a-fA-F.:]+)/g)];
    const publicKey = digest(certificate.publicKey.export({ type: 'spki', format: 'der' }));
    return { addresses: addresses.map(([, address = '']) => address), publicKey };
  }

  private async required(): Promise<Authority> {
    const authority = await readAuthority(this.files);
    if (authority !== null) return authority;
    throw new DomainError(
      'unprocessable_entity',
      'There is no authority for hosts: HOST_CA_CERT_FILE and HOST_CA_KEY_FILE should be set in the configuration of Jockey.',
    );
  }
}

/** Its names, and its own signature checked. */
async function parsed(csr: string): Promise<{ request: X509.Pkcs10CertificateRequest; names: readonly Name[] }> {
  const x509 = await library();
  try {
    const request = new x509.Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) throw new Error('its signature is wrong');
    const names = request.extensions.find(({ type }) => type === ALTERNATIVE_NAMES);
    const read = names === undefined ? [] : new x509.SubjectAlternativeNameExtension(names.rawData).names.items;
    return { request, names: read };
  } catch {
    throw invalid('csr', 'should be a certificate request (PKCS #10) as PEM, signed with the key that it is for.');
  }
}

type Name = { readonly type: string; readonly value: string };

function extensionsOf(x509: typeof X509, address: string): X509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
    new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: address }]),
  ];
}

/** Which key signed which: strict readers ask for both (RFC 5280, sections 4.2.1.1 and 4.2.1.2). */
async function keyIdentifiers(
  x509: typeof X509,
  issuer: X509.X509Certificate,
  { publicKey }: X509.Pkcs10CertificateRequest,
): Promise<X509.Extension[]> {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  return [
    own === null
      ? await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey)
      : new x509.AuthorityKeyIdentifierExtension(own.keyId),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ];
}

/** Signed by the authority, for a server, and valid now. */
function isSignedFor(certificate: X509Certificate, { certificate: authority }: Authority): boolean {
  const now = new Date();
  return (
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    certificate.keyUsage?.includes(SERVER_AUTH) === true &&
    new Date(certificate.validFrom) <= now &&
    now < new Date(certificate.validTo)
  );
}

function certificateOf(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

/** 127 random bits, so that the number is positive: RFC 5280, section 4.1.2.2. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

const digest = (der: ArrayBuffer | Buffer): string =>
  createHash('sha256')
    .update(Buffer.from(der as ArrayBuffer))
    .digest('hex');
