import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LfsPointer } from '../../domain/source/lfs-pointer.js';

/** A file of Git LFS and where it is wanted. */
export interface LfsWanted extends LfsPointer {
  /** From the top of the app's repository, one character for each byte. */
  readonly path: string;
}

/** Begins to read a content; whatever is wrong with it comes to whoever reads. */
export type Open = () => Readable | Promise<Readable>;

/** Where the content of a file is, below the folder of a repository; git-lfs itself has it so. */
export function lfsPath(folder: string, oid: string): string {
  return join(folder, oid.slice(0, 2), oid.slice(2, 4), oid);
}

/** Contents of files of Git LFS on the disk, each proven to be what its pointer says. */
export class LfsStore {
  constructor(private readonly folder: string) {}

  /** Those that are not there yet, each content once. */
  missing(wanted: readonly LfsWanted[]): readonly LfsWanted[] {
    const byOid = new Map(wanted.map((each) => [each.oid, each]));
    return [...byOid.values()].filter(({ oid }) => !existsSync(lfsPath(this.folder, oid)));
  }

  /** Takes a content as it comes. One that is not what the pointer says throws, and nothing of it stays. */
  async take({ oid, size }: LfsPointer, open: Open, signal: AbortSignal): Promise<void> {
    const path = lfsPath(this.folder, oid);
    const made = join(this.folder, `${oid}.${randomBytes(4).toString('hex')}.new`);
    await mkdir(dirname(path), { recursive: true });
    try {
      await pipeline(await open(), proving({ oid, size }), createWriteStream(made), { signal });
      await rename(made, path);
    } finally {
      await rm(made, { force: true });
    }
  }
}

/** Lets pass what has the length and the SHA-256 of the pointer, and ends with an error for anything else. */
function proving({ oid, size }: LfsPointer): Transform {
  const hash = createHash('sha256');
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      hash.update(chunk);
      if (length > size) done(new Error(`it has more than the ${size} bytes that its pointer says`));
      else done(null, chunk);
    },
    flush(done) {
      const digest = hash.digest('hex');
      if (length !== size) done(new Error(`it has ${length} bytes, but its pointer says ${size}`));
      else if (digest !== oid) done(new Error(`its SHA-256 is ${digest}, but its pointer says ${oid}`));
      else done();
    },
  });
}
