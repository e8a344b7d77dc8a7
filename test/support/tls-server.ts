import { webcrypto } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import 'reflect-metadata';
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';

const DAY = 86_400_000;
const KEYS = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A server whose certificate is its own authority. */
export interface TlsServer {
  readonly server: Server;
  readonly url: string;
  /** As PEM: whoever trusts it believes the server. */
  readonly certificate: string;
}

/** Serves an empty list, by a certificate for this address that counts for two days until `daysLeft` from now. */
export async function tlsServer(address: string, daysLeft: number): Promise<TlsServer> {
  const { key, certificate } = await selfSigned(address, new Date(Date.now() + daysLeft * DAY));
  const body = JSON.stringify({ data: [], pagination: { page: 1, per_page: 25, total_pages: 0, total_count: 0 } });
  const server = createServer({ key, cert: certificate }, (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'jockey-version': '0.1.0' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, certificate, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function selfSigned(address: string, notAfter: Date) {
  const keys = await webcrypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=jockey',
    keys,
    signingAlgorithm: KEYS,
    notBefore: new Date(notAfter.getTime() - 2 * DAY),
    notAfter,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: address }])],
  });
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, certificate: certificate.toString('pem') };
}
