import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SignJWT } from 'jose';
import { unusedPort } from '../contract/cluster.js';
import { eventually } from './eventually.js';
import { askRegistry, putImage } from './registry-image.js';

const run = promisify(execFile);

/** Who may use a registry that asks, and what the password looks like in a file of htpasswd. */
export const REGISTRY_USER = { username: 'jockey', password: 'correct horse' };
const HTPASSWD = 'jockey:$2b$04$ZQehAs6DFzTX6piT7FTOMun/Bpk1HDZG3m6JPIjbPGOR0lIuD/QoO\n';

/** A registry of a test's own, with TLS by an authority of its own. */
export interface OwnRegistry {
  /** `127.0.0.1:port` */
  readonly name: string;
  readonly url: string;
  /** The certificate of the authority, in PEM. */
  readonly authority: string;
  /** What it was asked for rights, where a token server answers for it. */
  readonly scopes: readonly string[];
  /** The host of its token server, which has no TLS; none where it has no token server. */
  readonly tokenHosts: readonly string[];
  /** Puts an image into it; answers its digest. */
  put(repository: string, tag: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a real registry that asks who is there: by Basic (`password`), or by a token server (`token`). */
export async function startOwnRegistry(auth: 'password' | 'token'): Promise<OwnRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'jockey-registry-'));
  const certificate = await makeCertificate(folder);
  const name = `127.0.0.1:${await unusedPort()}`;
  const tokens = auth === 'token' ? await startTokenServer(certificate) : null;
  await writeFile(join(folder, 'htpasswd'), HTPASSWD);
  const asks =
    tokens === null
      ? { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } }
      : {
          token: { realm: tokens.url, service: SERVICE, issuer: ISSUER, rootcertbundle: certificate.certificateFile },
        };
  const child = await serve(folder, { name, certificate, auth: asks });
  const url = `https://${name}`;
  const authority = await readFile(certificate.certificateFile, 'utf8');
  await eventually('the registry to answer', () => askRegistry({ url, path: '/v2/', authority }).catch(() => null));
  return {
    ...{ name, url, authority, scopes: tokens?.scopes ?? [] },
    tokenHosts: tokens === null ? [] : [new URL(tokens.url).host],
    put: async (repository, tag) => {
      const headers = { authorization: await authorizationFor(`repository:${repository}:pull,push`, tokens) };
      return putImage({ url, authority, headers, repository, tag, content: `${repository} ${tag}` });
    },
    stop: async () => {
      child.kill('SIGKILL');
      tokens?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const BASIC = `Basic ${Buffer.from(`${REGISTRY_USER.username}:${REGISTRY_USER.password}`).toString('base64')}`;

async function authorizationFor(
  scope: string,
  tokens: { token: (scope: string) => Promise<string> } | null,
): Promise<string> {
  return tokens === null ? BASIC : `Bearer ${await tokens.token(scope)}`;
}

interface Certificate {
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** A certificate for the loopback address that is its own authority. */
async function makeCertificate(folder: string): Promise<Certificate> {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=registry', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', keyFile, '-out', certificateFile, '-days', '2'];
  await run('openssl', ['req', '-x509', ...made, ...subject]);
  return { keyFile, certificateFile };
}

async function serve(
  folder: string,
  { name, certificate, auth }: { name: string; certificate: Certificate; auth: object },
): Promise<ChildProcess> {
  const config = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: {
      ...{ addr: name, secret: randomUUID() },
      tls: { certificate: certificate.certificateFile, key: certificate.keyFile },
    },
    auth,
  };
  // JSON is YAML too.
  const file = join(folder, 'registry.yml');
  await writeFile(file, JSON.stringify(config));
  return spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
}

const SERVICE = 'registry of a test';
const ISSUER = 'token server of a test';

/** Gives tokens as https://distribution.github.io/distribution/spec/auth/token/ says, to the one user. */
async function startTokenServer({ keyFile, certificateFile }: Certificate) {
  const key = createPrivateKey(await readFile(keyFile));
  const chain = (await readFile(certificateFile, 'utf8')).replace(/-----[A-Z ]+-----|\s/g, '');
  const scopes: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://here');
    if (request.headers.authorization !== BASIC) return void response.writeHead(401).end();
    const scope = url.searchParams.get('scope') ?? '';
    scopes.push(scope);
    void tokenFor(scope, { key, chain }).then((token) => response.end(JSON.stringify({ token, expires_in: 300 })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const token = (scope: string) => tokenFor(scope, { key, chain });
  return { url: `http://127.0.0.1:${port}/token`, scopes, token, stop: () => server.close() };
}

function tokenFor(scope: string, signing: { key: ReturnType<typeof createPrivateKey>; chain: string }) {
  const [type, name, actions = ''] = scope.split(':');
  const access = scope === '' ? [] : [{ type, name, actions: actions.split(',') }];
  return new SignJWT({ access })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', x5c: [signing.chain] })
    .setIssuer(ISSUER)
    .setAudience(SERVICE)
    .setSubject(REGISTRY_USER.username)
    .setIssuedAt()
    .setNotBefore('-10 s')
    .setExpirationTime('5 min')
    .setJti(randomUUID())
    .sign(signing.key);
}
