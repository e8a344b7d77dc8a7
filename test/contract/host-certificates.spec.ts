import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { X509HostCertificates } from '../../src/adapters/certificates/x509-host-certificates.js';
import { AUTHORITY_KEYS, type HostAuthority, makeHostAuthority } from '../support/host-authority.js';

const DAY = 86_400_000;
const FOR = { address: '10.0.1.17', days: 10 };

describe.each(Object.keys(AUTHORITY_KEYS) as (keyof typeof AUTHORITY_KEYS)[])(
  'an authority with a key of %s',
  (kind) => {
    let authority: HostAuthority;
    let certificates: X509HostCertificates;

    beforeAll(async () => {
      authority = await makeHostAuthority(kind);
      certificates = new X509HostCertificates({ certificate: authority.certificateFile, key: authority.keyFile });
    });
    afterAll(() => authority.remove());

    const verify = async (pem: string, purpose: string): Promise<boolean> => {
      await writeFile(join(authority.folder, 'given.pem'), pem);
      const args = ['verify', '-x509_strict', '-CAfile', 'ca.pem', '-purpose', purpose, 'given.pem'];
      return authority.openssl(...args).then(
        () => true,
        () => false,
      );
    };

    it('reads what a request of openssl asks for', async () => {
      const csr = await authority.request('one', 'IP:10.0.1.17');
      const request = await certificates.read(csr);
      expect(request.addresses).toEqual(['10.0.1.17']);
      expect(request.publicKey).toMatch(/^[0-9a-f]{64}$/);
      const other = await certificates.read(await authority.request('two', 'IP:10.0.1.17'));
      expect(other.publicKey).not.toBe(request.publicKey);
      expect(
        (await certificates.read(await authority.request('both', 'IP:10.0.1.17,DNS:a.b,IP:fd00::1'))).addresses,
      ).toEqual(['10.0.1.17', 'fd00::1']);
      expect((await certificates.read(await authority.request('none', ''))).addresses).toEqual([]);
    });

    it('signs for a server at one address, which openssl verifies', async () => {
      const csr = await authority.request('server', 'IP:10.0.1.17,DNS:evil.example.com');
      const { pem, serial, expiresAt } = await certificates.sign(csr, FOR);
      expect([await verify(pem, 'sslserver'), await verify(pem, 'sslclient')]).toEqual([true, false]);
      const certificate = new X509Certificate(pem);
      expect(certificate.subjectAltName).toBe('IP Address:10.0.1.17');
      expect(certificate.subject).toBe('CN=10.0.1.17');
      expect(certificate.ca).toBe(false);
      expect(certificate.serialNumber.toLowerCase()).toBe(serial);
      expect(Math.abs(new Date(certificate.validTo).getTime() - expiresAt.getTime())).toBeLessThan(1000);
      expect(Math.abs(expiresAt.getTime() - Date.now() - 10 * DAY)).toBeLessThan(DAY);
    });

    it('signs for no longer than it is valid itself', async () => {
      const { expiresAt } = await certificates.sign(await authority.request('long', 'IP:10.0.1.17'), {
        ...FOR,
        days: 800,
      });
      const own = new X509Certificate((await certificates.authority()) ?? '');
      expect(expiresAt.getTime()).toBeLessThanOrEqual(new Date(own.validTo).getTime());
    });

    it('knows again what it signed, and nothing else', async () => {
      const csr = await authority.request('again', 'IP:10.0.1.17');
      const { pem } = await certificates.sign(csr, FOR);
      expect(await certificates.held(pem)).toEqual({
        addresses: ['10.0.1.17'],
        publicKey: (await certificates.read(csr)).publicKey,
      });
      const stranger = await makeHostAuthority();
      const theirs = new X509HostCertificates({ certificate: stranger.certificateFile, key: stranger.keyFile });
      expect(await theirs.held(pem)).toBeNull();
      await stranger.remove();
      const client = await authority.openssl('x509', '-in', 'cert.pem');
      expect(await certificates.held(client)).toBeNull();
      expect(await certificates.held((await certificates.authority()) ?? '')).toBeNull();
      expect(await certificates.held('junk')).toBeNull();
    });

    it('refuses a request that is none, or that somebody changed', async () => {
      const csr = await authority.request('changed', 'IP:10.0.1.17');
      const der = Buffer.from(csr.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
      der.writeUInt8(der.readUInt8(der.length - 1) ^ 1, der.length - 1);
      const changed = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
      for (const each of [
        '',
        'hello',
        '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----',
        changed,
      ])
        await expect(certificates.read(each)).rejects.toMatchObject({ code: 'record_invalid' });
    });
  },
);

describe('the files of an authority', () => {
  let authority: HostAuthority;

  beforeAll(async () => {
    authority = await makeHostAuthority();
    await authority.openssl('genpkey', '-quiet', '-algorithm', 'ED25519', '-out', 'ed.pem');
    const ca = ['-subj', '/CN=ed', '-days', '3', '-addext', 'basicConstraints=critical,CA:TRUE'];
    await authority.openssl('req', '-x509', '-new', '-key', 'ed.pem', ...ca, '-out', 'ed-ca.pem');
  });
  afterAll(() => authority.remove());

  it('may be missing both: then there is none', async () => {
    const none = new X509HostCertificates({ certificate: undefined, key: undefined });
    expect(await none.authority()).toBeNull();
    await expect(none.sign(await authority.request('none', 'IP:10.0.1.17'), FOR)).rejects.toThrow('HOST_CA_CERT_FILE');
  });

  it.each([
    ['only the certificate', 'ca.pem', undefined, 'HOST_CA_KEY_FILE should be set too'],
    ['only the key', undefined, 'ca-key.pem', 'HOST_CA_CERT_FILE should be set too'],
    ['a file that is not there', 'nothing.pem', 'ca-key.pem', 'HOST_CA_CERT_FILE should be a file that can be read'],
    ['a key for a certificate', 'ca-key.pem', 'ca-key.pem', 'HOST_CA_CERT_FILE should be a certificate as PEM'],
    ['a certificate for a key', 'ca.pem', 'ca.pem', 'HOST_CA_KEY_FILE should be a private key as PEM'],
    ['what is no authority', 'cert.pem', 'key.pem', 'HOST_CA_CERT_FILE should be the certificate of an authority'],
    ['the key of another', 'ca.pem', 'key.pem', 'HOST_CA_KEY_FILE should be the key of the certificate'],
    ['a key of another kind', 'ed-ca.pem', 'ed.pem', 'HOST_CA_KEY_FILE should be a key of RSA'],
  ])('say in words what is wrong with %s', async (...[, certificate, key, says]) => {
    const at = (name: string | undefined) => (name === undefined ? undefined : join(authority.folder, name));
    const wrong = new X509HostCertificates({ certificate: at(certificate), key: at(key) });
    await expect(wrong.authority()).rejects.toThrow(says);
    await expect(wrong.authority()).rejects.toMatchObject({ code: 'unprocessable_entity' });
  });
});
