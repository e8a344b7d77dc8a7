import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const WHO = { name: 'Test', email: 'test@example.com', when: '1700000000 +0000' };

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'safe.directory',
  GIT_CONFIG_VALUE_0: '*',
};

/** A bare repository that a test writes commits into. */
export class BareRepository {
  private constructor(readonly path: string) {}

  /** Makes it. */
  static async create(path: string): Promise<BareRepository> {
    await run('git', ['init', '--quiet', '--bare', '--initial-branch=main', path], { env: ENVIRONMENT });
    return new BareRepository(path);
  }

  /** Puts a commit with these files on a branch. */
  async commit(files: Readonly<Record<string, string>>, branch: string): Promise<string> {
    const marks = Object.entries(files).map(([name, text]) => `M 100644 inline ${name}\n${data(text)}`);
    const from =
      (await this.git(['rev-parse', '--verify', '--quiet', branch]).catch(() => '')) === ''
        ? ''
        : `from refs/heads/${branch}^0\n`;
    const author = `${WHO.name} <${WHO.email}> ${WHO.when}`;
    const stream = `commit refs/heads/${branch}\ncommitter ${author}\n${data(branch)}${from}deleteall\n${marks.join('')}\n`;
    await this.git(['fast-import', '--quiet', '--force'], stream);
    return this.git(['rev-parse', `refs/heads/${branch}`]);
  }

  /** Puts a tag on an object. */
  async tag(name: string, object: string, kind: 'plain' | 'annotated' = 'plain'): Promise<void> {
    const who = ['-c', `user.name=${WHO.name}`, '-c', `user.email=${WHO.email}`];
    await this.git([...who, 'tag', ...(kind === 'annotated' ? ['-a', '-m', name] : []), name, object]);
  }

  /** Two commits of the same files whose ids begin with the same four digits. */
  async alike(): Promise<readonly [string, string]> {
    const tree = await this.git(['mktree'], '');
    const seen = new Map<string, string>();
    for (let count = 0; ; count += 1) {
      const author = `${WHO.name} <${WHO.email}> ${WHO.when}`;
      const body = `tree ${tree}\nauthor ${author}\ncommitter ${author}\n\nalike ${count}\n`;
      const beginning = createHash('sha1').update(`commit ${body.length}\0${body}`).digest('hex').slice(0, 4);
      const other = seen.get(beginning);
      if (other !== undefined) return [await this.put(other), await this.put(body)];
      seen.set(beginning, body);
    }
  }

  /** Runs git in it. */
  async git(args: readonly string[], input: string | Buffer = ''): Promise<string> {
    const running = run('git', [`--git-dir=${this.path}`, ...args], { env: ENVIRONMENT });
    running.child.stdin?.on('error', () => undefined).end(input);
    return (await running).stdout.trim();
  }

  private async put(commit: string): Promise<string> {
    const sha = await this.git(['hash-object', '-t', 'commit', '-w', '--stdin'], commit);
    await this.tag(`alike-${sha}`, sha);
    return sha;
  }
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** A Git server over HTTP, as GitHub is one. */
export interface GitServer {
  readonly url: string;
  /** The `Authorization` headers that came in. */
  readonly seen: (string | undefined)[];
  close(): Promise<void>;
}

/** Serves the repositories below a folder to those who bring this `Authorization` header. */
export async function serveGit(root: string, authorization: string): Promise<GitServer> {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (request.headers.authorization === authorization) return answerByGit(root, request, response);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** git's own CGI program answers from the repositories below a folder. */
export function answerByGit(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const child = spawn('git', ['http-backend'], {
    env: {
      ...ENVIRONMENT,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname,
      PATH_TRANSLATED: join(root, url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.on('error', () => undefined);
  request.pipe(child.stdin);
  let head = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    if (response.headersSent) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    const headers = head
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(/: ?/, 2) as [string, string]);
    const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
    response.writeHead(Number(status.slice(0, 3)), Object.fromEntries(headers.filter(([name]) => name !== 'Status')));
    response.write(head.subarray(end + 4));
  });
  child.stdout.on('end', () => response.end());
}
