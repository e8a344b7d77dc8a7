import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitSourceCode } from '../../src/adapters/git/git-source-code.js';
import { commitEntries, type SourceEntry } from '../support/source-repository.js';
import { AUTHORIZATION, files, SourceScene } from '../support/source-scene.js';
import { unusedPort } from './cluster.js';

let scene: SourceScene;
let leaf: string;
let library: string;

beforeAll(async () => {
  scene = await SourceScene.begin();
  leaf = await scene.addWith('leaf', files({ leaf: 'at the end' }));
  library = await scene.addWith('library', [
    ...files({ 'lib.c': 'int main;', '.gitmodules': module('deep/leaf', '../leaf.git') }),
    { kind: 'submodule', path: 'deep/leaf', sha: leaf },
  ]);
});

afterAll(() => scene.end());

describe('Submodules', () => {
  it.each(['http', 'local'] as const)(
    'are fetched at their commits, and theirs, and lie in their places (%s)',
    async (how) => {
      await commitEntries(await scene.add(`newer-${how}`), files({ x: 'x' }), 'main');
      const sha = await withModule(`app-${how}`, { path: 'vendor/lib', url: '../library.git' });
      const texts = await scene.texts(`app-${how}`, sha, { source: scene.source(how) });
      expect(Object.entries(texts)).toEqual([
        ['.gitmodules', module('vendor/lib', '../library.git')],
        ['Dockerfile', 'FROM scratch'],
        ['vendor/lib/.gitmodules', module('deep/leaf', '../leaf.git')],
        ['vendor/lib/deep/leaf/leaf', 'at the end'],
        ['vendor/lib/lib.c', 'int main;'],
        ['zebra', 'last'],
      ]);
    },
  );

  it('are fetched from the configured GitHub by their full address, with its token', async () => {
    const sha = await withModule('absolute', { path: 'lib', url: `${scene.server.url}/jockey/leaf` });
    expect(await scene.texts('absolute', sha)).toMatchObject({ 'lib/leaf': 'at the end' });
  });

  it('may be, or hold, the folder that is built', async () => {
    const sha = await withModule('holding', { path: 'vendor/lib', url: '../library.git' });
    expect(Object.keys(await scene.texts('holding', sha, { context: 'vendor/lib/deep' }))).toEqual(['leaf/leaf']);
    expect(Object.keys(await scene.texts('holding', sha, { context: 'vendor/lib' }))).toContain('lib.c');
  });

  it('are not fetched where they are ignored, or said not to be', async () => {
    const gone = `${scene.server.url}/jockey/gone.git`;
    const ignored = await withModule('ignored', {
      ...{ path: 'lib', url: gone },
      more: { '.dockerignore': 'lib\n.gitmodules' },
    });
    const names = (await scene.entries('ignored', ignored, { ignore: 'dockerignore' })).map(({ name }) => name);
    expect(names).toEqual(['.dockerignore', 'Dockerfile', 'zebra']);
    const none = await scene.addWith('none', [
      ...files({ '.gitmodules': `${module('lib', gone)}\tupdate = none\n` }),
      { kind: 'submodule', path: 'lib', sha: leaf },
    ]);
    expect((await scene.entries('none', none)).map(({ name }) => name)).toEqual(['.gitmodules', 'lib/']);
  });

  it.each([
    ['a repository that is not there', '../gone.git', 'no repository jockey/gone that'],
    ['a path of the machine', '/etc', 'is a path'],
    ['a file URL', 'file:///etc', 'is a path'],
    ['a command', 'ext::sh -c touch% x', 'should be a Git URL'],
    ['an option', '--upload-pack=touch', 'should be a Git URL'],
    ['a server that lies above', '../../../x', 'leads above its server'],
  ])('that are %s are refused with path and address', async (_what, url, cause) => {
    const name = `broken-${(brokens += 1)}`;
    const sha = await withModule(name, { path: 'vendor/lib', url: url });
    const failure = await scene.texts(name, sha).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unprocessable_entity' });
    expect((failure as Error).message).toContain(`The submodule vendor/lib (${url}) cannot be fetched: `);
    expect((failure as Error).message).toContain(cause);
  });

  it('that nest another which is broken name the innermost', async () => {
    const middle = await withModule('middle', { path: 'inner', url: '../gone.git' });
    const sha = await scene.addWith('outer', [
      ...files({ '.gitmodules': module('vendor/middle', '../middle.git') }),
      { kind: 'submodule', path: 'vendor/middle', sha: middle },
    ]);
    const failure = await scene.texts('outer', sha).catch((error: unknown) => error);
    expect((failure as Error).message).toMatch(/^The submodule vendor\/middle\/inner \(\.\.\/gone\.git\) cannot/);
  });

  it('whose commit or address is missing are refused', async () => {
    const unknown: SourceEntry = { kind: 'submodule', path: 'lib', sha: 'f'.repeat(40) };
    const lost = await scene.addWith('lost', [...files({ '.gitmodules': module('lib', '../leaf.git') }), unknown]);
    await expect(scene.texts('lost', lost)).rejects.toThrow(/submodule lib \(\.\.\/leaf\.git\).*f{40}/);
    const stray = await scene.addWith('stray', [...files({ a: '1' }), { ...unknown, sha: leaf }]);
    await expect(scene.texts('stray', stray)).rejects.toThrow(
      /submodule lib \(without an address\) cannot be fetched: \.gitmodules does not name it/,
    );
  });

  it('whose server is silent are worth another try', async () => {
    const url = `http://127.0.0.1:${await unusedPort()}/a/b.git`;
    const sha = await withModule('silent', { path: 'lib', url: url });
    await expect(scene.texts('silent', sha)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`The submodule lib (${url}) cannot be fetched: `) as string,
    });
  });

  it('on another server are asked for without the token', async () => {
    const sha = await withModule('elsewhere', { path: 'lib', url: `${scene.server.url}/jockey/leaf.git` });
    const other = await SourceScene.begin();
    try {
      const shaThere = await other.addWith('app', [
        ...files({ '.gitmodules': module('lib', `${scene.server.url}/jockey/leaf.git`) }),
        { kind: 'submodule', path: 'lib', sha: leaf },
      ]);
      scene.server.seen.length = 0;
      await expect(other.texts('app', shaThere)).rejects.toThrow(/submodule lib/);
      expect(scene.server.seen.length).toBeGreaterThan(0);
      expect(scene.server.seen.map(({ authorization }) => authorization)).not.toContain(AUTHORIZATION);
    } finally {
      await other.end();
    }
    expect(await scene.texts('elsewhere', sha)).toMatchObject({ 'lib/leaf': 'at the end' });
  });

  it('that have themselves come to an end', async () => {
    const repository = await scene.add('snake');
    const tail = await commitEntries(repository, files({ tail: '' }), 'main');
    let sha = tail;
    for (let depth = 0; depth < 12; depth += 1)
      sha = await commitEntries(
        repository,
        [...files({ '.gitmodules': module('s', '../snake.git') }), { kind: 'submodule', path: 's', sha }],
        'main',
      );
    const source: GitSourceCode = scene.source('local');
    await expect(scene.texts('snake', sha, { source })).rejects.toThrow(/nested more than 10 deep/);
  });
});

let brokens = 0;

function module(path: string, url: string): string {
  return `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`;
}

/** A repository of an app with one submodule at the commit of the library, or of the leaf where it has no folder above. */
async function withModule(name: string, { path, url, more = {} }: Submodule): Promise<string> {
  return scene.addWith(name, [
    ...files({ '.gitmodules': module(path, url), Dockerfile: 'FROM scratch', zebra: 'last', ...more }),
    { kind: 'submodule', path, sha: path.includes('/') ? library : leaf },
  ]);
}

interface Submodule {
  readonly path: string;
  readonly url: string;
  readonly more?: Record<string, string>;
}
