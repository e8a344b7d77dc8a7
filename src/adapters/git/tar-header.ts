/** A file, folder or symlink in a tar stream. Each character of a path stands for one byte. */
export interface TarEntry {
  readonly path: string;
  readonly mode: number;
  readonly type: 'file' | 'folder' | 'link';
  /** Length of a file's content in bytes; 0 for the others. */
  readonly size: number;
  /** Where a symlink leads; empty for the others. */
  readonly target: string;
}

/**
 * The time of every file: 1980-01-02T00:00:00Z, in seconds. One time for all makes equal files equal layers, whenever and
 * wherever they are built; the commit's would change with every commit. It is the second day of 1980 since ZIP, which wheels
 * and jars are, knows no time before the first, in no time zone.
 */
export const FILE_TIME = Date.UTC(1980, 0, 2) / 1000;

/** Tar counts in blocks of so many bytes. */
export const BLOCK = 512;

const TYPES = { file: '0', link: '2', folder: '5' } as const;

/** Longest path, and greatest length of a file, that the plain header holds (POSIX.1-1988). */
const MOST = { path: 100, size: 0o77777777777 };

/** The header of an entry; what the plain one cannot hold goes before it as a POSIX.1-2001 record, in its own bytes. */
export function tarHeader(entry: TarEntry): Buffer {
  const path = entry.type === 'folder' ? `${entry.path}/` : entry.path;
  const records = [
    ...(path.length > MOST.path ? [record('path', path)] : []),
    ...(entry.target.length > MOST.path ? [record('linkpath', entry.target)] : []),
    ...(entry.size > MOST.size ? [record('size', String(entry.size))] : []),
  ].join('');
  const plain = block({ ...entry, path, flag: TYPES[entry.type] });
  if (records === '') return plain;
  const extended = block({
    ...entry,
    path: '././@PaxHeader',
    size: records.length,
    target: '',
    flag: 'x',
    mode: 0o644,
  });
  return Buffer.concat([extended, Buffer.from(records, 'latin1'), padding(records.length), plain]);
}

/** What fills the last block of a content. */
export function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** What ends a tar stream. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

function block(entry: Omit<TarEntry, 'type'> & { readonly flag: string }): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => value.toString(8).padStart(length, '0');
  header.write(entry.path.slice(0, MOST.path), 0, 'latin1');
  header.write(`${octal(entry.mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, 'latin1');
  header.write(`${octal(entry.size > MOST.size ? 0 : entry.size, 11)}\0${octal(FILE_TIME, 11)}\0`, 124, 'latin1');
  header.write(`        ${entry.flag}`, 148, 'latin1');
  header.write(entry.target.slice(0, MOST.path), 157, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return header;
}
