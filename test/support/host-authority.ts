import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An authority of hosts as docs/joining.md has it made, in a folder of its own. */
export interface HostAuthority {
  readonly folder: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Folder with `ca.pem`, `cert.pem` and `key.pem`: for `DOCKER_CERT_PATH`. */
  readonly clientFolder: string;
  /** Makes a key and a request for a certificate; the request as PEM. */
  request(name: string, names: string): Promise<string>;
  openssl(...args: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** The kinds of key that an authority may have. */
export const AUTHORITY_KEYS = {
  'P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  RSA: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
} as const;

/** Makes one; `remove` it at the end. */
export async function makeHostAuthority(kind: keyof typeof AUTHORITY_KEYS = 'P-256'): Promise<HostAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'jockey-authority-'));
  const openssl = async (...args: readonly string[]): Promise<string> =>
    (await run('openssl', [...args], { cwd: folder })).stdout;
  const key = async (name: string, how: readonly string[] = AUTHORITY_KEYS['P-256']): Promise<void> => {
    await openssl('genpkey', '-quiet', ...how, '-out', name);
  };
  await key('ca-key.pem', AUTHORITY_KEYS[kind]);
  const ofAuthority = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'];
  await openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    'ca-key.pem',
    '-days',
    '30',
    '-subj',
    '/CN=hosts',
    ...ofAuthority,
    '-out',
    'ca.pem',
  );
  await key('key.pem');
  await openssl('req', '-new', '-key', 'key.pem', '-subj', '/CN=jockey', '-out', 'client.csr');
  await writeFile(join(folder, 'client.ext'), 'extendedKeyUsage=clientAuth\n');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca-key.pem', '-CAcreateserial', '-days', '30', '-extfile', 'client.ext'];
  await openssl('x509', '-req', '-in', 'client.csr', ...signed, '-out', 'cert.pem');
  return {
    folder,
    certificateFile: join(folder, 'ca.pem'),
    keyFile: join(folder, 'ca-key.pem'),
    clientFolder: folder,
    openssl,
    request: async (name, names) => {
      await key(`${name}-key.pem`);
      const wanted = names === '' ? [] : ['-addext', `subjectAltName=${names}`];
      return openssl('req', '-new', '-key', `${name}-key.pem`, '-subj', `/CN=${name}`, ...wanted);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
