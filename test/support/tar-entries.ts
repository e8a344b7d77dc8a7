import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { extract } from 'tar-stream';

/** An entry of a tar stream, as another program than the one that wrote it reads it. */
export interface ReadEntry {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  /** In seconds. */
  readonly time: number;
  readonly target: string | null;
  readonly text: string;
}

/** Reads a tar stream to its end. A path's characters stand for one byte each. */
export async function entriesOf(stream: Readable): Promise<readonly ReadEntry[]> {
  const entries: ReadEntry[] = [];
  // The option is not in the types of tar-stream.
  const options = { filenameEncoding: 'latin1', emitClose: true };
  const tar = extract(options as Parameters<typeof extract>[0]);
  stream.on('error', (error) => tar.destroy(error)).pipe(tar);
  for await (const entry of tar) {
    const { name, type, mode, mtime, linkname } = entry.header;
    const text = (await buffer(entry)).toString();
    entries.push({
      ...{ name, type: type ?? 'file', mode: mode ?? 0, time: (mtime?.getTime() ?? 0) / 1000 },
      ...{ target: linkname ?? null, text },
    });
  }
  return entries;
}
