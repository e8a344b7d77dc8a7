/** What a host asks to have signed (PKCS #10, RFC 2986); its own signature was checked, so that it has the key. */
export interface CertificateRequest {
  /** IP addresses among the names that it asks for. */
  readonly addresses: readonly string[];
  /** SHA-256 of its public key, in hexadecimal digits. */
  readonly publicKey: string;
}

/** A certificate that was signed. */
export interface HostCertificate {
  /** As PEM. */
  readonly pem: string;
  /** In hexadecimal digits. */
  readonly serial: string;
  readonly expiresAt: Date;
}

/** For whom is signed, and for how long. Whatever else the request asks for is left out. */
export interface SignedFor {
  /** The only name in the certificate: an IP address. */
  readonly address: string;
  readonly days: number;
}

/** What an earlier certificate says. */
export interface HeldCertificate {
  readonly addresses: readonly string[];
  /** SHA-256 of its public key, in hexadecimal digits. */
  readonly publicKey: string;
}

/**
 * The authority that signs for hosts. It signs for servers only: with what it gives, nobody commands a host.
 * Faults are DomainErrors: `unprocessable_entity` where there is no authority or its files are wrong, `record_invalid`
 * for a request that cannot be read.
 */
export interface HostCertificates {
  /** The authority's own certificate as PEM; null where none is set up. */
  authority(): Promise<string | null>;
  read(csr: string): Promise<CertificateRequest>;
  sign(csr: string, signedFor: SignedFor): Promise<HostCertificate>;
  /** What a certificate says that this authority signed for a host and that is valid now; null for any other. */
  held(pem: string): Promise<HeldCertificate | null>;
}

/** Injection token of {@link HostCertificates}. */
export const HOST_CERTIFICATES = Symbol('HostCertificates');
