import { chown, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitSourceCode } from '../../src/adapters/git/git-source-code.js';
import type { SourceLocation, SourceSelection } from '../../src/ports/source-code.js';
import { FakeSourceCode } from '../fakes/fake-source-code.js';
import { eventually } from '../support/eventually.js';
import { BareRepository, serveGit, type GitServer } from '../support/git-server.js';
import { unusedPort } from './cluster.js';
import { sourceCodeContract, type SourceCodeSetUp } from './source-code.contract.js';

const TOKEN = 'a-secret-token';
const AUTHORIZATION = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
const LOCATION: SourceLocation = { repo: 'jockey/contract', gitUrl: null };
const NOWHERE: SourceLocation = { repo: 'jockey/nowhere', gitUrl: null };

sourceCodeContract('in memory', beginFake);
sourceCodeContract('git, below a local root', () => beginReal('local'));
sourceCodeContract('git, over HTTP with a token', () => beginReal('http'));

async function beginFake(): Promise<SourceCodeSetUp> {
  const source = new FakeSourceCode();
  const repository = source.add(LOCATION.repo);
  const commit = async (files: Readonly<Record<string, string>>, branch: string) => repository.commit(files, branch);
  const deaf = new FakeSourceCode();
  deaf.answers = false;
  return {
    source,
    location: LOCATION,
    nowhere: NOWHERE,
    commit,
    tag: async (name, sha) => void repository.tags.set(name, sha),
    alike: async () => {
      for (const sha of ['abcd1', 'abcd2']) repository.commits.set(sha.padEnd(40, '0'), {});
      return ['abcd1'.padEnd(40, '0'), 'abcd2'.padEnd(40, '0')];
    },
    silent: () => ({ source: deaf, location: LOCATION }),
    close: async () => undefined,
  };
}

async function beginReal(how: 'local' | 'http'): Promise<SourceCodeSetUp> {
  const folder = await mkdtemp(join(tmpdir(), 'jockey-git-'));
  const root = join(folder, 'root with space%41');
  const repository = await BareRepository.create(join(root, `${LOCATION.repo}.git`));
  const server = await serveGit(root, AUTHORIZATION);
  const places =
    how === 'local'
      ? { githubUrl: server.url, githubToken: TOKEN, localRoot: root }
      : { githubUrl: server.url, githubToken: TOKEN, localRoot: undefined };
  const source = new GitSourceCode(places, join(folder, 'cache'));
  const dead = `http://127.0.0.1:${await unusedPort()}`;
  return {
    source,
    location: LOCATION,
    nowhere: NOWHERE,
    commit: (files, branch) => repository.commit(files, branch),
    tag: (name, sha, kind) => repository.tag(name, sha, kind),
    alike: () => repository.alike(),
    silent: () => ({ source, location: { repo: LOCATION.repo, gitUrl: `${dead}/a/b.git` } }),
    close: async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('GitSourceCode', () => {
  let folder: string;
  let root: string;
  let repository: BareRepository;
  let server: GitServer;
  let sha: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jockey-git-'));
    root = join(folder, 'root');
    repository = await BareRepository.create(join(root, `${LOCATION.repo}.git`));
    sha = await repository.commit({ f: '1' }, 'main');
    server = await serveGit(root, AUTHORIZATION);
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  let caches = 0;
  const freshCache = () => join(folder, `cache-${(caches += 1)}`);
  const local = (cache = freshCache()) =>
    new GitSourceCode({ githubUrl: server.url, githubToken: TOKEN, localRoot: root }, cache);
  const remote = (githubToken: string | undefined, cache = freshCache()) =>
    new GitSourceCode({ githubUrl: server.url, githubToken, localRoot: undefined }, cache);
  const never = new AbortController().signal;
  const filesOf = async (source: GitSourceCode, commit = sha, location = LOCATION) =>
    (await buffer(await source.archive(location, commit, all(never)))).toString('latin1');

  it('reads a local repository that belongs to somebody else', async () => {
    const theirs = await BareRepository.create(join(root, 'jockey', 'theirs.git'));
    const commit = await theirs.commit({ f: 'theirs' }, 'main');
    if (process.getuid?.() === 0) await chownAll(theirs.path, 65534);
    expect(await local().resolve({ repo: 'jockey/theirs', gitUrl: null }, 'main')).toMatchObject({ sha: commit });
  });

  it('refuses a repository for which the token has no rights, without the token in its words', async () => {
    for (const token of [undefined, 'another-token']) {
      const failure = await remote(token)
        .resolve(LOCATION, 'main')
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'unprocessable_entity' });
      expect((failure as Error).message).toMatch(
        /no repository jockey\/contract that Jockey may read.*GITHUB_OAUTH_TOKEN/,
      );
      expect((failure as Error).message).not.toContain('another-token');
    }
  });

  it('gives the token to the configured GitHub alone', async () => {
    server.seen.length = 0;
    const elsewhere = { repo: LOCATION.repo, gitUrl: `${server.url}/${LOCATION.repo}.git` };
    const places = { githubUrl: 'http://127.0.0.1:1', githubToken: TOKEN, localRoot: undefined };
    const source = new GitSourceCode(places, freshCache());
    await expect(source.resolve(elsewhere, 'main')).rejects.toMatchObject({ code: 'unprocessable_entity' });
    expect(server.seen).not.toContain(AUTHORIZATION);
    expect(server.seen.length).toBeGreaterThan(0);
  });

  it('writes the token nowhere', async () => {
    const cache = freshCache();
    await filesOf(remote(TOKEN, cache));
    const secret = Buffer.from(`x-access-token:${TOKEN}`).toString('base64');
    expect(await textBelow(cache)).toContain('[core]');
    expect(await textBelow(cache)).not.toContain(secret);
    expect(await textBelow(cache)).not.toContain(TOKEN);
  });

  it.each([
    ['ext::sh -c touch% /tmp/x', 'record_invalid'],
    ['--upload-pack=touch', 'record_invalid'],
    ['file:///etc/passwd', 'record_invalid'],
    ['/etc', 'record_invalid'],
    ['https://user:secret@host/x.git', 'record_invalid'],
    ['https://-oProxyCommand=x/y', 'record_invalid'],
    ['ssh://-oProxyCommand=x/y', 'record_invalid'],
  ])('refuses the Git URL %s', async (gitUrl, code) => {
    await expect(local().resolve({ repo: LOCATION.repo, gitUrl }, 'main')).rejects.toMatchObject({ code });
  });

  it('takes a path below the local root for a Git URL, and none that leads out of it', async () => {
    const inside = join(root, `${LOCATION.repo}.git`);
    const outside = await BareRepository.create(join(folder, 'outside.git'));
    await outside.commit({ secret: 'x' }, 'main');
    await symlink(outside.path, join(root, 'jockey', 'link.git'));
    for (const gitUrl of [inside, `file://${inside}`])
      expect(await local().resolve({ repo: 'x/y', gitUrl }, 'main')).toMatchObject({ sha: sha });
    for (const gitUrl of [
      outside.path,
      `file://${root}/../outside.git`,
      `${root}/%2e%2e/outside.git`,
      join(root, 'jockey', 'link.git'),
    ])
      await expect(local().resolve({ repo: 'x/y', gitUrl }, 'main')).rejects.toMatchObject({ code: 'record_invalid' });
    for (const repo of ['jockey/link', '../outside', 'jockey/..'])
      await expect(local().resolve({ repo, gitUrl: null }, 'main')).rejects.toMatchObject({ code: 'record_invalid' });
  });

  it('refuses a tag that is on a file and not on a commit', async () => {
    const blob = await repository.git(['hash-object', '-w', '--stdin'], 'a file');
    await repository.tag('on-a-file', blob);
    await expect(local().resolve(LOCATION, 'on-a-file')).rejects.toMatchObject({ code: 'unprocessable_entity' });
    await expect(local().resolve(LOCATION, blob)).rejects.toMatchObject({ code: 'unprocessable_entity' });
  });

  it('hands on every file, whatever the attributes say', async () => {
    const commit = await repository.commit(
      { '.gitattributes': 'Dockerfile export-ignore\nv export-subst\n', Dockerfile: 'FROM scratch', v: '$Format:%H$' },
      'attributes',
    );
    const tar = await filesOf(local(), commit);
    expect(tar).toContain('FROM scratch');
    expect(tar).toContain('$Format:%H$');
  });

  it('answers from its cache while the server is away, once it has the commit', async () => {
    const cache = freshCache();
    await filesOf(remote(TOKEN, cache));
    const cut = await serveGit(root, AUTHORIZATION);
    const source = new GitSourceCode({ githubUrl: cut.url, githubToken: TOKEN, localRoot: undefined }, cache);
    const before = await filesOf(source);
    await cut.close();
    expect(await filesOf(source)).toBe(before);
    expect(await source.resolve(LOCATION, sha)).toMatchObject({ sha: sha });
  });

  it('makes a cache anew that is broken', async () => {
    const cache = freshCache();
    await filesOf(local(cache));
    const [files] = (await readdir(cache)).filter((name) => name.endsWith('-files.git'));
    await rm(join(cache, files ?? '', 'HEAD'));
    const commit = await repository.commit({ f: 'after the damage' }, 'damage');
    expect(await filesOf(local(cache), commit)).toContain('after the damage');
  });

  it('gives up on a server that takes the question and does not answer, and leaves no process behind', async () => {
    const mute = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const source = new GitSourceCode(
      { githubUrl: `http://127.0.0.1:${port}`, githubToken: TOKEN, localRoot: undefined },
      freshCache(),
      { question: 700, fetch: 700 },
    );
    const connections = () => new Promise<number>((resolve) => mute.getConnections((_error, count) => resolve(count)));
    await expect(source.resolve(LOCATION, 'main')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no answer within 0.7 s') as string,
    });
    await expect(source.archive(LOCATION, sha, all(never))).rejects.toMatchObject({ code: 'unavailable' });
    await eventually('git and its helpers to be gone', async () => (await connections()) === 0);
    await new Promise((resolve) => mute.close(resolve));
  });

  it('stops fetching when it is told to', async () => {
    const mute = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const asked = new Promise((resolve) => mute.once('connection', resolve));
    const { port } = mute.address() as AddressInfo;
    const gitUrl = `git://127.0.0.1:${port}/a/b.git`;
    const stop = new AbortController();
    const archive = local().archive({ repo: 'x/y', gitUrl }, sha, all(stop.signal));
    await asked;
    stop.abort(new Error('stopped'));
    await expect(archive).rejects.toThrow('stopped');
    await new Promise((resolve) => mute.close(resolve));
  });
});

function all(signal: AbortSignal): SourceSelection {
  return { context: '.', ignore: 'none', dockerfile: null, signal };
}

async function chownAll(path: string, id: number): Promise<void> {
  for (const entry of await readdir(path, { recursive: true })) await chown(join(path, entry), id, id);
  await chown(path, id, id);
}

async function textBelow(path: string): Promise<string> {
  const texts: string[] = [];
  for (const entry of await readdir(path, { recursive: true }))
    if ((await stat(join(path, entry))).isFile()) texts.push(await readFile(join(path, entry), 'latin1'));
  return texts.join('\n');
}
