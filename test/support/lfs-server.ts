import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerByGit } from './git-server.js';

/** A Git server with Git LFS, as GitHub is one. */
export interface LfsServer {
  readonly url: string;
  /** Contents by oid, of whatever repository; a test may put in what is wrong. */
  readonly objects: Map<string, Buffer>;
  /** Each request: method, path and `Authorization` header. */
  readonly seen: { readonly what: string; readonly authorization: string | undefined }[];
  /** Where contents are said to be; null for this server. */
  sendsTo: string | null;
  /** The status of each answer about Git LFS. */
  status: number;
  close(): Promise<void>;
}

/** Serves the repositories below a folder, and their files of Git LFS, to those who bring this `Authorization` header. */
export async function serveLfs(root: string, authorization: string): Promise<LfsServer> {
  const http = createServer((request, response) => {
    const what = `${request.method ?? ''} ${new URL(request.url ?? '/', 'http://x').pathname}`;
    server.seen.push({ what, authorization: request.headers.authorization });
    const isContent = what.startsWith('GET /content/');
    if (!isContent && request.headers.authorization !== authorization)
      return void response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    if (isContent) return content(server, request, response);
    if (what.endsWith('/info/lfs/objects/batch')) return void batch(server, request, response);
    answerByGit(root, request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: LfsServer = {
    ...{ url, objects: new Map(), seen: [], sendsTo: null, status: 200 },
    close: async () => {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
  return server;
}

async function batch(server: LfsServer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = JSON.parse(await text(request)) as { objects: { oid: string; size: number }[] };
  const objects = asked.objects.map(({ oid, size }) =>
    server.objects.has(oid)
      ? { oid, size, actions: { download: { href: `${server.sendsTo ?? server.url}/content/${oid}` } } }
      : { oid, size, error: { code: 404, message: 'Object does not exist' } },
  );
  response.writeHead(server.status, { 'content-type': 'application/vnd.git-lfs+json' });
  response.end(JSON.stringify({ transfer: 'basic', objects }));
}

function content(server: LfsServer, request: IncomingMessage, response: ServerResponse): void {
  const oid = (request.url ?? '').slice('/content/'.length);
  response.writeHead(200).end(server.objects.get(oid));
}
