import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { DockerBuildHosts } from '../../src/adapters/docker/builds/docker-build-hosts.js';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { DockerodeHosts } from '../../src/adapters/docker/dockerode-hosts.js';
import type { Host } from '../../src/domain/host/host.js';
import { eventually } from '../support/eventually.js';
import { anImageBuild } from '../support/image-build.js';

const CREDENTIALS = { username: 'jockey', password: 'geheim+/=', serveraddress: 'registry:5000' };
const IMAGE = 'registry:5000/app@sha256:abc';
const never = new AbortController().signal;
const onLine = () => undefined;

/** What only a stand-in for Docker can show: what it is sent, and how often. */
describe('DockerodeHosts before a stand-in engine', () => {
  const servers: Server[] = [];

  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function stand(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    at: number | string = 0,
  ): Promise<Host> {
    const server = createServer((request, response) => answer(request.resume(), response));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(at, resolve));
    const dockerUrl =
      typeof at === 'string' ? `unix://${at}` : `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const nowhere = { address: '127.0.0.1', machine: null, agentUrl: 'http://127.0.0.1:1' };
    return { name: 'h1', dockerUrl, ...nowhere, healthy: true, unhealthyBecause: null, capacity: null };
  }

  const clients = new DockerClients(undefined);
  const hosts = (credentials: typeof CREDENTIALS | null) => new DockerodeHosts(clients, credentials);
  const builders = (credentials: typeof CREDENTIALS | null) => new DockerBuildHosts(clients, credentials);

  it('pulls once for many who want the same image at the same time, and asks again later', async () => {
    let pulls = 0;
    const waiting: ServerResponse[] = [];
    const host = await stand((request, response) => {
      if (request.method === 'GET') return response.writeHead(404).end('{"message":"No such image"}');
      pulls += 1;
      return waiting.push(response);
    });
    const docker = hosts(null);
    const all = Promise.all([1, 2, 3, 4, 5].map(() => docker.pull(host, IMAGE)));
    await eventually('the pull to be asked for', () => waiting.length > 0);
    waiting.pop()?.end('{"status":"Pull complete"}\r\n');
    await all;
    expect(pulls).toBe(1);
    const again = docker.pull(host, IMAGE);
    await eventually('the second pull', () => waiting.length > 0);
    waiting.pop()?.end('{"error":"manifest unknown"}\r\n');
    await expect(again).rejects.toThrow('host h1 could not pull registry:5000/app@sha256:abc: manifest unknown');
  });

  it('shows the registry who asks, and keeps it out of the address', async () => {
    const seen: { url: string; auth: unknown }[] = [];
    const host = await stand((request, response) => {
      const header = request.headers['x-registry-auth'];
      if (header !== undefined) {
        const auth: unknown = JSON.parse(Buffer.from(String(header), 'base64url').toString());
        seen.push({ url: request.url ?? '', auth });
      }
      if (request.method === 'GET') return response.writeHead(404).end('{"message":"No such image"}');
      return response.end('{"aux":{"ID":"sha256:1","Digest":"sha256:2"}}\r\n');
    });
    const docker = hosts(CREDENTIALS);
    await builders(CREDENTIALS).push(host, { tag: 'registry:5000/app:1', onLine, signal: never });
    await docker.pull(host, IMAGE);
    expect(seen.map(({ auth }) => auth)).toEqual([CREDENTIALS, CREDENTIALS]);
    expect(seen.map(({ url }) => url).join()).not.toContain('geheim');
  });

  it('says that no session was opened, where Docker does not hand over the connection', async () => {
    const host = await stand((_request, response) => response.end('{}'));
    const built = builders(CREDENTIALS).build(host, anImageBuild({ tag: 'registry:5000/app:1' }));
    await expect(built).rejects.toThrow(/opened no session for a build/);
  });

  it('finds the digest on the image where the push does not tell it', async () => {
    const host = await stand((request, response) => {
      const RepoDigests = ['elsewhere/app@sha256:1', 'registry:5000/app@sha256:2'];
      response.end(request.method === 'GET' ? JSON.stringify({ RepoDigests }) : '{"status":"Pushed","id":"l"}\r\n');
    });
    const push = { tag: 'registry:5000/app:1', onLine, signal: never };
    expect(await builders(null).push(host, push)).toBe('sha256:2');
  });

  it('takes a build that ends without an image for a lost connection', async () => {
    const host = await stand((_request, response) => response.end('{"stream":"Step 1/1 : FROM scratch\\n"}\r\n'));
    const context = Readable.from(['']);
    const build = anImageBuild({ context });
    await expect(builders(null).build(host, build)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('the connection to host h1 was lost') as string,
    });
    expect(context.destroyed).toBe(true);
  });

  it('says that the files could not be read, when it is they that fail', async () => {
    const host = await stand(() => undefined);
    const context = new Readable({ read() {} });
    const build = anImageBuild({ context });
    const built = builders(null).build(host, build);
    context.push('the first bytes');
    setImmediate(() => context.destroy(Object.assign(new Error('git ended'), { code: 'EPIPE' })));
    await expect(built).rejects.toThrow(/^git ended$/);
  });

  it('speaks through a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docker-'));
    const host = await stand(
      (_request, response) => {
        response.setHeader('content-type', 'application/json').end('{"MemTotal":1073741824,"NCPU":4}');
      },
      join(folder, 'docker.sock'),
    );
    expect(await hosts(null).capacity(host)).toEqual({ memoryMb: 1024, cpus: 4 });
    await rm(folder, { recursive: true });
  });
});
