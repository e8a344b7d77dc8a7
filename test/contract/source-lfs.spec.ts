import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lfsPath } from '../../src/adapters/git/lfs-store.js';
import { lfsPointer, type SourceEntry } from '../support/source-repository.js';
import { AUTHORIZATION, files, SourceScene } from '../support/source-scene.js';
import { unusedPort } from './cluster.js';

const CONTENT = Buffer.from('the picture itself, many bytes of it');
const PICTURE = lfsPointer(CONTENT);
const ATTRIBUTES = '*.png filter=lfs diff=lfs merge=lfs -text\n';

let scene: SourceScene;

beforeAll(async () => {
  scene = await SourceScene.begin();
});

afterEach(() => {
  scene.server.objects.clear();
  scene.server.seen.length = 0;
  Object.assign(scene.server, { sendsTo: null, status: 200 });
});

afterAll(() => scene.end());

let repositories = 0;
const add = async (entries: readonly SourceEntry[]) => {
  const name = `lfs-${(repositories += 1)}`;
  return { name, sha: await scene.addWith(name, entries) };
};
const withPicture = () => add(files({ '.gitattributes': ATTRIBUTES, 'web/a.png': PICTURE.text, 'web/b': 'b' }));

describe('Files of Git LFS', () => {
  it('have their content in the stream, are asked for with the token, and only once', async () => {
    const { name, sha } = await withPicture();
    scene.server.objects.set(PICTURE.oid, CONTENT);
    const source = scene.source();
    for (let time = 0; time < 2; time += 1)
      expect(await scene.texts(name, sha, { source })).toEqual({
        '.gitattributes': ATTRIBUTES,
        'web/a.png': CONTENT.toString(),
        'web/b': 'b',
      });
    expect(scene.server.seen.filter(({ what }) => /lfs\/objects|content/.test(what))).toEqual([
      { what: `POST /jockey/${name}.git/info/lfs/objects/batch`, authorization: AUTHORIZATION },
      { what: `GET /content/${PICTURE.oid}`, authorization: AUTHORIZATION },
    ]);
  });

  it('are found by the attributes of any folder, and in submodules', async () => {
    scene.server.objects.set(PICTURE.oid, CONTENT);
    const inner = await add(files({ 'deep/.gitattributes': 'raw/* filter=lfs\n', 'deep/raw/x': PICTURE.text }));
    const { name, sha } = await add([
      ...files({ '.gitmodules': `[submodule "m"]\n\tpath = m\n\turl = ../${inner.name}.git\n` }),
      { kind: 'submodule', path: 'm', sha: inner.sha },
    ]);
    expect(await scene.texts(name, sha)).toMatchObject({ 'm/deep/raw/x': CONTENT.toString() });
    expect(await scene.texts(inner.name, inner.sha, { context: 'deep/raw' })).toEqual({ x: CONTENT.toString() });
  });

  it('are pointers like any other text where no attribute says so, and nobody is asked', async () => {
    const plain = await add(files({ '.gitattributes': '*.txt text\n', 'a.png': PICTURE.text }));
    expect(await scene.texts(plain.name, plain.sha)).toMatchObject({ 'a.png': PICTURE.text });
    const other = await add(files({ '.gitattributes': ATTRIBUTES, 'a.txt': PICTURE.text, 'b.png': 'no pointer' }));
    expect(await scene.texts(other.name, other.sha)).toMatchObject({ 'a.txt': PICTURE.text, 'b.png': 'no pointer' });
    expect(scene.server.seen.filter(({ what }) => what.includes('lfs/objects'))).toEqual([]);
  });

  it('are not fetched where they are not wanted', async () => {
    const { name, sha } = await add(
      files({ '.gitattributes': ATTRIBUTES, '.dockerignore': '*.png', 'a.png': PICTURE.text, b: 'b' }),
    );
    expect(await scene.texts(name, sha, { ignore: 'dockerignore' })).toMatchObject({ b: 'b' });
  });

  it('lie beside a repository on the disk', async () => {
    const { name, sha } = await withPicture();
    const source = scene.source('local');
    await expect(scene.texts(name, sha, { source })).rejects.toThrow(/file web\/a\.png, which Git LFS keeps/);
    const path = lfsPath(join(scene.folder, `root/jockey/${name}.git/lfs/objects`), PICTURE.oid);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, CONTENT);
    expect(await scene.texts(name, sha, { source })).toMatchObject({ 'web/a.png': CONTENT.toString() });
  });

  it.each([
    ['that the server does not have', null, 'the server does not have it: Object does not exist'],
    ['of other bytes', Buffer.from(CONTENT.toString().toUpperCase()), 'its SHA-256 is'],
    ['that are too short', CONTENT.subarray(1), `it has ${CONTENT.length - 1} bytes, but its pointer says`],
    ['that are too long', Buffer.concat([CONTENT, CONTENT]), `it has more than the ${CONTENT.length} bytes`],
  ])('%s are refused by name', async (_what, content, cause) => {
    const { name, sha } = await withPicture();
    if (content !== null) scene.server.objects.set(PICTURE.oid, content);
    const failure = await scene.texts(name, sha).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'unprocessable_entity' });
    expect((failure as Error).message).toContain(`The file web/a.png, which Git LFS keeps at ${scene.server.url}`);
    expect((failure as Error).message).toContain(cause);
  });

  it('are refused where the server has none, and worth another try where it is down', async () => {
    const { name, sha } = await withPicture();
    scene.server.status = 404;
    await expect(scene.texts(name, sha)).rejects.toMatchObject({
      code: 'unprocessable_entity',
      message: expect.stringContaining('HTTP 404, so it has no Git LFS') as string,
    });
    scene.server.status = 503;
    await expect(scene.texts(name, sha)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('are not fetched from the own network to which a server or a commit sends', async () => {
    const { name, sha } = await withPicture();
    scene.server.objects.set(PICTURE.oid, CONTENT);
    for (const place of ['http://127.0.0.1:1', 'http://169.254.169.254', 'http://localhost:1', 'file:///etc']) {
      scene.server.sendsTo = place;
      await expect(scene.texts(name, sha)).rejects.toMatchObject({ code: 'unprocessable_entity' });
    }
    const config = `[lfs]\n\turl = http://127.0.0.1:${await unusedPort()}/lfs\n`;
    const own = await add(files({ '.gitattributes': ATTRIBUTES, '.lfsconfig': config, 'a.png': PICTURE.text }));
    await expect(scene.texts(own.name, own.sha)).rejects.toThrow(/not public.*OUTBOUND_ALLOW/);
  });

  it('are asked for where the commit says, on the own server', async () => {
    scene.server.objects.set(PICTURE.oid, CONTENT);
    const config = `[lfs]\n\turl = ${scene.server.url}/elsewhere/info/lfs/\n`;
    const { name, sha } = await add(
      files({ '.gitattributes': ATTRIBUTES, '.lfsconfig': config, 'a.png': PICTURE.text }),
    );
    expect(await scene.texts(name, sha)).toMatchObject({ 'a.png': CONTENT.toString() });
    expect(scene.server.seen.map(({ what }) => what)).toContain('POST /elsewhere/info/lfs/objects/batch');
  });
});
