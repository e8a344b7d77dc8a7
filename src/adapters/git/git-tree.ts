import type { Readable } from 'node:stream';

/**
 * An entry of a commit. Paths are bytes, and need be no UTF-8: here and in what is made of them, each character of a path
 * stands for one byte.
 */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` for a symlink, `160000` for a submodule. */
  readonly mode: string;
  readonly id: string;
  /** Length of a file in bytes; NaN for a submodule. */
  readonly size: number;
  readonly path: string;
}

/** Lists a commit with all below; its output is for {@link entriesIn}. */
export const LIST_TREE = ['ls-tree', '-r', '-z', '--long', '--full-tree'] as const;

/** Reads what `git ls-tree` writes, in the order of the tree, several entries at a time. */
export async function* entriesIn(output: Readable): AsyncGenerator<readonly TreeEntry[]> {
  let rest = '';
  for await (const chunk of output as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\0');
    rest = lines.pop() ?? '';
    yield lines.map(entryOf);
  }
}

/** `100644 blob ID    SIZE<tab>PATH` */
function entryOf(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', , id = '', size] = line.slice(0, tab).split(/ +/);
  return { mode, id, size: Number(size), path: line.slice(tab + 1) };
}

/** A path as people read it. */
export function readable(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8');
}

/** A text as the bytes of a path. */
export function asBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
