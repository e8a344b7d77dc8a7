import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract, type Header, pack, type Pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { TarOwner } from './tar-owner.js';

/** A header of which a test says only what matters to it. */
type Entry = Parameters<Pack['entry']>[0];

const OWNER = { uid: 1001, gid: 1002 };

async function tarOf(files: readonly Entry[], text = 'hello'): Promise<Buffer> {
  const tar = pack();
  for (const file of files) tar.entry(file, file.type === 'directory' ? '' : text);
  tar.finalize();
  return buffer(Readable.from(tar));
}

/** The stream in pieces of so many bytes through the transform. */
function pass(tar: Buffer, piece: number, owner = OWNER): Promise<Buffer> {
  const pieces = Array.from({ length: Math.ceil(tar.length / piece) }, (_, at) =>
    tar.subarray(at * piece, (at + 1) * piece),
  );
  return buffer(Readable.from(pieces).pipe(new TarOwner(owner)));
}

async function entriesOf(tar: Buffer): Promise<(Header & { readonly text: string })[]> {
  const entries = [];
  for await (const entry of Readable.from([tar]).pipe(extract()))
    entries.push({ ...entry.header, text: (await buffer(entry)).toString() });
  return entries;
}

describe('TarOwner', () => {
  it.each([1, 7, 512, 513, 100_000])('gives all entries to one owner, in pieces of %i bytes', async (piece) => {
    const files: Entry[] = [
      { name: 'a', uid: 7, gid: 8, mode: 0o755 },
      { name: 'sub/', type: 'directory' },
      { name: `sub/${'long'.repeat(60)}`, mtime: new Date(0) },
    ];
    const entries = await entriesOf(await pass(await tarOf(files), piece));
    expect(entries.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
    for (const entry of entries) expect(entry).toMatchObject(OWNER);
    expect(entries[0]).toMatchObject({ mode: 0o755, text: 'hello' });
  });

  it('changes nothing but the owner: names in strange bytes stay as they are', async () => {
    const tar = await tarOf([{ name: 'x.txt', ...OWNER }]);
    tar.write('\xff\xfe', 0, 'latin1');
    const withoutOwner = (bytes: Buffer) => Buffer.from(bytes).fill(0, 108, 124).fill(0, 148, 156);
    expect(withoutOwner(await pass(tar, 512))).toEqual(withoutOwner(tar));
  });

  it('takes the content of a file for no header, whatever is in it', async () => {
    const inner = await tarOf([{ name: 'inner', uid: 3, gid: 3 }]);
    const outer = await tarOf([{ name: 'outer' }, { name: 'last' }], inner.toString('latin1'));
    const [first, last] = await entriesOf(await pass(outer, 700));
    expect(first?.text).toBe(inner.toString('latin1'));
    expect(last).toMatchObject({ name: 'last', ...OWNER });
  });

  it('writes ids that are too large for octal digits', async () => {
    const owner = { uid: 3_000_000_000, gid: 5 };
    const tar = await pass(await tarOf([{ name: 'a' }]), 512, owner);
    expect(tar[108]).toBe(0x80);
    expect(tar.readUInt32BE(112)).toBe(owner.uid);
  });
});
