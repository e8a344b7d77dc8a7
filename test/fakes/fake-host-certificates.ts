import { createHash } from 'node:crypto';
import { invalid } from '../../src/domain/kernel/errors.js';
import type {
  CertificateRequest,
  HeldCertificate,
  HostCertificate,
  HostCertificates,
  SignedFor,
} from '../../src/ports/host-certificates.js';

/**
 * An authority on paper: a request is `request KEY ADDRESS…`, a certificate is `certificate KEY ADDRESS SERIAL`. It never
 * looks at a clock.
 */
export class FakeHostCertificates implements HostCertificates {
  private serial = 0;

  /** Null takes the authority away. */
  pem: string | null = '-----BEGIN CERTIFICATE-----\nauthority\n-----END CERTIFICATE-----\n';

  /** Certificates that count as expired. */
  readonly expired = new Set<string>();

  authority(): Promise<string | null> {
    return Promise.resolve(this.pem);
  }

  read(csr: string): Promise<CertificateRequest> {
    const [word, key, ...addresses] = csr.trim().split(' ');
    if (word !== 'request' || key === undefined) return Promise.reject(invalid('csr', 'is no certificate request'));
    return Promise.resolve({ addresses, publicKey: digest(key) });
  }

  sign(csr: string, { address, days }: SignedFor): Promise<HostCertificate> {
    this.serial += 1;
    const [, key = ''] = csr.trim().split(' ');
    const pem = `certificate ${key} ${address} ${this.serial}`;
    const expiresAt = new Date(Date.now() + days * 86_400_000);
    return Promise.resolve({ pem, serial: this.serial.toString(16), expiresAt });
  }

  held(pem: string): Promise<HeldCertificate | null> {
    const [word, key, address] = pem.trim().split(' ');
    if (word !== 'certificate' || key === undefined || address === undefined || this.expired.has(pem.trim()))
      return Promise.resolve(null);
    return Promise.resolve({ addresses: [address], publicKey: digest(key) });
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
