import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOREIGN_DOCKERFILE } from '../../src/domain/source/dockerfile-in-context.js';
import { commitEntries } from '../support/source-repository.js';
import { files, SourceScene } from '../support/source-scene.js';
import { entriesOf } from '../support/tar-entries.js';

const TIME = Date.UTC(1980, 0, 2) / 1000;

let scene: SourceScene;

beforeAll(async () => {
  scene = await SourceScene.begin();
});

afterAll(() => scene.end());

describe('The stream of a source', () => {
  it('has every file as git has it, folders first, sorted, with one time', async () => {
    const big = randomBytes(5 * 1024 * 1024).toString('base64');
    const sha = await scene.addWith('plain', [
      ...files({ 'b/c/file': 'deep', a: '', 'b-1': 'x'.repeat(511), big, ...many(300) }),
      { kind: 'program', path: 'b/run', content: '#!/bin/sh\n' },
      { kind: 'link', path: 'b/link', content: '../a' },
    ]);
    const entries = await scene.entries('plain', sha);
    expect(entries.filter(({ name }) => !name.startsWith('many/')).map(({ name }) => name)).toEqual([
      ...['a', 'b-1', 'b/', 'b/c/', 'b/c/file', 'b/link', 'b/run', 'big'],
    ]);
    expect(new Set(entries.map(({ time }) => time))).toEqual(new Set([TIME]));
    expect(entries.find(({ name }) => name === 'b/run')).toMatchObject({ mode: 0o755, text: '#!/bin/sh\n' });
    expect(entries.find(({ name }) => name === 'b/link')).toMatchObject({ type: 'symlink', target: '../a' });
    expect(entries.find(({ name }) => name === 'b/')).toMatchObject({ type: 'directory', mode: 0o755 });
    expect(entries.find(({ name }) => name === 'a')).toMatchObject({ type: 'file', mode: 0o644, text: '' });
    const { stdout } = await promisify(execFile)(
      'git',
      ['-c', 'safe.directory=*', `--git-dir=${join(scene.folder, 'root/jockey/plain.git')}`, 'archive', sha],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
    );
    expect(contentOf(entries)).toEqual(contentOf(await entriesOf(Readable.from([stdout]))));
  });

  it('is the same for the same files, whenever they were committed', async () => {
    const repository = await scene.add('twice');
    const first = await commitEntries(repository, files({ a: '1', b: '2' }), 'main');
    const second = await commitEntries(repository, files({ a: '1', b: '2' }), 'other');
    expect(second).not.toBe(first);
    expect(await scene.entries('twice', second)).toEqual(await scene.entries('twice', first));
  });

  it('keeps the bytes of strange and of long names', async () => {
    const names = [
      'caf\xe9.txt',
      'line\nbreak',
      'tab\there',
      '"quoted"',
      '\xff\xfe/\xf0',
      `${'long-\xe9/'.repeat(40)}name`,
      `${'x'.repeat(99)}y`,
      `${'x'.repeat(100)}y`,
      ':(top)magic',
      '-dash',
    ];
    const entries = names.map((path) => ({ kind: 'file', path, content: Buffer.from(path, 'latin1') }) as const);
    const link = { kind: 'link', path: 'link', content: Buffer.from(names[5] ?? '', 'latin1') } as const;
    const sha = await scene.addWith('strange', [...entries, link]);
    const folder = join(scene.folder, 'unpacked');
    await mkdir(folder);
    const wanted = { context: '.', ignore: 'none', dockerfile: null, signal: new AbortController().signal } as const;
    const stream = await scene.source().archive({ repo: 'jockey/strange', gitUrl: null }, sha, wanted);
    const tar = spawn('tar', ['-C', folder, '-xf', '-'], { stdio: ['pipe', 'ignore', 'ignore'], env: { LC_ALL: 'C' } });
    const unpacked = new Promise((resolve) => tar.once('close', resolve));
    await pipeline(stream, tar.stdin);
    expect(await unpacked).toBe(0);
    for (const name of names) expect(await readFile(inBytes(folder, name), 'latin1')).toBe(name);
    expect(await readlink(inBytes(folder, 'link'), 'latin1')).toBe(names[5]);
  });

  it('refuses a symlink that leads out of the context, by its name', async () => {
    const sha = await scene.addWith('links', [
      ...files({ 'web/a': 'a', outside: 'o', 'web/.dockerignore': 'bad' }),
      { kind: 'link', path: 'web/bad', content: '../outside' },
      { kind: 'link', path: 'web/good', content: './a' },
      { kind: 'link', path: 'web/absolute', content: '/etc/passwd' },
    ]);
    await expect(scene.entries('links', sha, { context: 'web' })).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringMatching(
        /^The symlink web\/bad leads out of the build context, to \.\.\/outside:/,
      ) as string,
    });
    const ignored = await scene.entries('links', sha, { context: 'web', ignore: 'dockerignore' });
    expect(ignored.map(({ name, target }) => [name, target])).toEqual([
      ['.dockerignore', null],
      ['a', null],
      ['absolute', '/etc/passwd'],
      ['good', './a'],
    ]);
    expect((await scene.entries('links', sha)).find(({ name }) => name === 'web/bad')?.target).toBe('../outside');
  });

  it('says that a repository is empty, and that a commit has nothing to build', async () => {
    const repository = await scene.add('empty');
    for (const how of ['http', 'local'] as const)
      for (const ref of ['main', 'HEAD', 'abcdef12'])
        await expect(scene.source(how).resolve({ repo: 'jockey/empty', gitUrl: null }, ref)).rejects.toMatchObject({
          code: 'unprocessable_entity',
          message: 'The repository jockey/empty is empty: push a commit first.',
        });
    const sha = await commitEntries(repository, [], 'main');
    await expect(scene.entries('empty', sha)).rejects.toThrow(
      /no files that are not ignored: there is nothing to build/,
    );
    const some = await commitEntries(repository, files({ a: '1' }), 'main');
    for (const context of ['nowhere', 'a', 'nowhere/*'])
      await expect(scene.entries('empty', some, { context })).rejects.toThrow(
        `no folder ${context} with files that are not ignored: correct the app's build_context.`,
      );
  });

  it('leaves out what .dockerignore says, and never the Dockerfile', async () => {
    const sha = await scene.addWith(
      'ignoring',
      files({
        '.dockerignore': '*.log\nnode_modules\ntmp/*\ndocs\n!docs/keep\nDockerfile\n',
        Dockerfile: 'FROM scratch',
        'other.Dockerfile': 'FROM scratch',
        'other.Dockerfile.dockerignore': '*\n!a\n',
        a: '1',
        'a.log': '2',
        'tmp/.keep': '',
        'docs/keep': '3',
        'docs/no': '4',
        'node_modules/x/y': '5',
      }),
    );
    const names = async (dockerfile: string | null, ignore: 'dockerignore' | 'none' = 'dockerignore') =>
      (await scene.entries('ignoring', sha, { dockerfile, ignore })).map(({ name }) => name);
    expect((await names('Dockerfile')).sort()).toEqual([
      ...[
        '.dockerignore',
        'Dockerfile',
        'a',
        'docs/',
        'docs/keep',
        'other.Dockerfile',
        'other.Dockerfile.dockerignore',
      ],
      'tmp/',
    ]);
    expect((await names('other.Dockerfile')).sort()).toEqual(['a', 'other.Dockerfile']);
    expect(await names(null)).not.toContain('Dockerfile');
    expect(await names(null, 'none')).toContain('node_modules/x/y');
  });

  it('takes the Dockerfile from outside of the context, and through a symlink', async () => {
    const sha = await scene.addWith('monorepo', [
      ...files({ 'web/a': 'a', Dockerfile: 'FROM shared', 'web/.dockerignore': 'a' }),
      { kind: 'link', path: 'web/Dockerfile', content: '../Dockerfile' },
    ]);
    const context = 'web';
    expect(await scene.texts('monorepo', sha, { context, dockerfile: 'web/Dockerfile' })).toMatchObject({
      Dockerfile: 'FROM shared',
      a: 'a',
    });
    const broken = scene.texts('monorepo', sha, { context, dockerfile: 'Dockerfile' });
    await expect(broken).rejects.toThrow(/symlink web\/Dockerfile leads out/);
    const whole = await scene.texts('monorepo', sha, { context: 'web', dockerfile: 'web/Dockerfile' });
    expect(Object.keys(whole)).not.toContain(FOREIGN_DOCKERFILE);
  });

  it('refuses a .dockerignore without measure', async () => {
    const sha = await scene.addWith('measureless', files({ '.dockerignore': 'a\n'.repeat(3_000), a: '1' }));
    await expect(scene.entries('measureless', sha, { ignore: 'dockerignore' })).rejects.toMatchObject({
      code: 'unprocessable_entity',
    });
  });

  it('hands on a large file as it is, and more files than are asked for at once', async () => {
    const content = randomBytes(24 * 1024 * 1024);
    const sha = await scene.addWith('large', [{ kind: 'file', path: 'large', content }, ...files(many(500))]);
    const hash = createHash('sha256');
    const wanted = { context: '.', ignore: 'none', dockerfile: null, signal: new AbortController().signal } as const;
    const stream = await scene.source().archive({ repo: 'jockey/large', gitUrl: null }, sha, wanted);
    let first = true;
    let left = content.length;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const piece: Buffer = (first ? chunk.subarray(512) : chunk).subarray(0, left);
      [first, left] = [false, left - piece.length];
      hash.update(piece);
    }
    expect(left).toBe(0);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  });
});

function inBytes(folder: string, name: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
}

function many(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`many/${index}`, `file ${index}`]));
}

/** Folders are not compared: git archive gives them the mode of another umask. */
function contentOf(entries: Awaited<ReturnType<typeof entriesOf>>) {
  return entries
    .filter(({ type }) => type === 'file' || type === 'symlink')
    .map(({ name, target, text }) => ({ name, target: target ?? '', text }));
}
