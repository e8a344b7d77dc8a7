import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOREIGN_DOCKERFILE } from '../../src/domain/source/dockerfile-in-context.js';
import type { SourceCode, SourceLocation, SourceSelection } from '../../src/ports/source-code.js';

/** What the suite needs of a side, fake or real. */
export interface SourceCodeSetUp {
  readonly source: SourceCode;
  /** A repository that the suite alone uses. */
  readonly location: SourceLocation;
  /** Puts a commit on a branch and answers its id. */
  commit(files: Readonly<Record<string, string>>, branch: string): Promise<string>;
  /** Puts a tag on a commit; an annotated one is an object of its own. */
  tag(name: string, sha: string, kind: 'plain' | 'annotated'): Promise<void>;
  /** Puts two commits there whose ids begin with the same four digits. */
  alike(): Promise<readonly [string, string]>;
  /** A location that names no repository. */
  readonly nowhere: SourceLocation;
  /** One whose server does not answer. */
  silent(): { readonly source: SourceCode; readonly location: SourceLocation };
  close(): Promise<void>;
}

const EVERYTHING: SourceSelection = {
  context: '.',
  ignore: 'none',
  dockerfile: null,
  signal: new AbortController().signal,
};

/** What every implementation of {@link SourceCode} holds. */
export function sourceCodeContract(name: string, begin: () => Promise<SourceCodeSetUp>): void {
  describe(`SourceCode, ${name}`, () => {
    let side: SourceCodeSetUp;
    let first: string;
    let second: string;

    beforeAll(async () => {
      side = await begin();
      first = await side.commit({ Dockerfile: 'FROM scratch\n', 'app/web': 'one' }, 'main');
      second = await side.commit({ Dockerfile: 'FROM scratch\n', 'app/web': 'two' }, 'main');
    });

    afterAll(() => side.close());

    const resolve = async (ref: string) => (await side.source.resolve(side.location, ref)).sha;
    const branchOf = async (ref: string) => (await side.source.resolve(side.location, ref)).branch;
    const archive = (sha: string, change: Partial<SourceSelection> = {}) =>
      side.source.archive(side.location, sha, { ...EVERYTHING, ...change });
    const listing = (sha: string) => side.source.listing(side.location, sha, new AbortController().signal);

    it('answers the commit at the head of a branch, and the new one when it has moved', async () => {
      const before = await side.commit({ f: '1' }, 'feature/login');
      expect(await resolve('feature/login')).toBe(before);
      const after = await side.commit({ f: '2' }, 'feature/login');
      expect(await resolve('feature/login')).toBe(after);
      expect(after).not.toBe(before);
    });

    it('answers the commit that a tag names, plain or annotated', async () => {
      await side.tag('v1', first, 'plain');
      await side.tag('v2', second, 'annotated');
      expect(await resolve('v1')).toBe(first);
      expect(await resolve('v2')).toBe(second);
    });

    it('takes a branch before a tag of the same name', async () => {
      const branch = await side.commit({ f: 'branch' }, 'both');
      await side.tag('both', first, 'plain');
      expect(await resolve('both')).toBe(branch);
    });

    it('says which branch a ref is, and none for a tag or a commit id', async () => {
      expect(await branchOf('feature/login')).toBe('feature/login');
      expect(await branchOf('HEAD')).toBe('main');
      expect([await branchOf('v1'), await branchOf(first), await branchOf(first.slice(0, 12))]).toEqual([
        null,
        null,
        null,
      ]);
    });

    it('answers a full commit id, also one that no branch is at', async () => {
      expect(await resolve(first)).toBe(first);
      expect(await resolve(first.toUpperCase())).toBe(first);
    });

    it('completes a shortened commit id', async () => {
      expect(await resolve(first.slice(0, 12))).toBe(first);
      expect(await resolve(second.slice(0, 39))).toBe(second);
    });

    it('names the candidates of a shortened id that is not enough', async () => {
      const [one, other] = await side.alike();
      const failure = await resolve(one.slice(0, 4)).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'unprocessable_entity' });
      expect((failure as Error).message).toContain(one);
      expect((failure as Error).message).toContain(other);
    });

    it.each(['no-such-branch', 'main/sub', 'mai', 'f'.repeat(40), 'f'.repeat(12)])(
      'refuses the unknown ref %s',
      async (ref) => {
        await expect(resolve(ref)).rejects.toMatchObject({
          code: 'unprocessable_entity',
          message: expect.stringContaining(`ref "${ref}" is neither a branch, nor a tag, nor a commit of`) as string,
        });
      },
    );

    it.each([
      '',
      '-x',
      '--upload-pack=touch /tmp/x',
      'a b',
      'a..b',
      'a^{tree}',
      'main~1',
      '@',
      'x.lock/y',
      'a'.repeat(256),
    ])('refuses %j, which no ref is called', async (ref) => {
      await expect(resolve(ref)).rejects.toMatchObject({ code: 'record_invalid', fields: [{ field: 'ref' }] });
    });

    it('refuses a repository that is not there', async () => {
      await expect(side.source.resolve(side.nowhere, 'main')).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: expect.stringContaining('check its name') as string,
      });
    });

    it('says when the server does not answer', async () => {
      const { source, location } = side.silent();
      await expect(source.resolve(location, 'main')).rejects.toMatchObject({ code: 'unavailable' });
    });

    it('hands on the files of a commit, of each commit its own', async () => {
      expect(await filesOf(await archive(first))).toEqual({ Dockerfile: 'FROM scratch\n', 'app/web': 'one' });
      expect(await filesOf(await archive(second))).toEqual({ Dockerfile: 'FROM scratch\n', 'app/web': 'two' });
    });

    it('hands them on to many at once', async () => {
      const sha = await side.commit({ f: 'wanted by many' }, 'crowd');
      const all = await Promise.all(Array.from({ length: 6 }, async () => filesOf(await archive(sha))));
      expect(all).toEqual(Array.from({ length: 6 }, () => ({ f: 'wanted by many' })));
    });

    it('hands on a folder alone, and the Dockerfile from wherever it is', async () => {
      const sha = await side.commit(
        { Dockerfile: 'top', 'web/Dockerfile': 'inner', 'web/lib/a': 'a', 'web2/b': 'b' },
        'folder',
      );
      const inner = await archive(sha, { context: 'web', dockerfile: 'web/Dockerfile' });
      expect(await filesOf(inner)).toEqual({ Dockerfile: 'inner', 'lib/a': 'a' });
      const outer = await archive(sha, { context: './web/', dockerfile: 'Dockerfile' });
      expect(await filesOf(outer)).toEqual({ [FOREIGN_DOCKERFILE]: 'top', Dockerfile: 'inner', 'lib/a': 'a' });
    });

    it('says what files a commit has, and what is in them', async () => {
      const sha = await side.commit({ Procfile: 'web: ./web\n', 'app/one': '1', 'app/sub/two': '2' }, 'listing');
      const seen = await listing(sha);
      expect(await seen.names('.')).toEqual(['Procfile', 'app/']);
      expect(await seen.names('app/')).toEqual(['one', 'sub/']);
      expect(await seen.names('Procfile/x')).toBeNull();
      expect(await seen.names('nowhere')).toBeNull();
      expect(await seen.read('./Procfile')).toBe('web: ./web\n');
      expect(await seen.read('app/sub/two')).toBe('2');
      expect([await seen.read('app'), await seen.read('nowhere'), await seen.read('.')]).toEqual([null, null, null]);
    });

    it('refuses to look at a commit that is not there', async () => {
      await expect(listing('f'.repeat(40))).rejects.toMatchObject({ code: 'unprocessable_entity' });
    });

    it('refuses the files of a commit that is not there', async () => {
      await expect(archive('f'.repeat(40))).rejects.toMatchObject({ code: 'unprocessable_entity' });
    });

    it('stops when it is told to: the stream errs and does not end', async () => {
      const sha = await side.commit({ big: 'x'.repeat(4_000_000) }, 'big');
      const stop = new AbortController();
      const stream = await archive(sha, { signal: stop.signal });
      const read = buffer(stream);
      stop.abort(new Error('stopped'));
      await expect(read).rejects.toThrow();
    });
  });
}

async function filesOf(stream: Readable): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const tar = extract();
  stream.on('error', (error) => tar.destroy(error)).pipe(tar);
  for await (const entry of tar) {
    if (entry.header.type === 'file') files[entry.header.name] = (await buffer(entry)).toString();
    else entry.resume();
  }
  return files;
}
