import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream';

/** A tar stream is made of blocks of so many bytes: one for each header, then as many as the file fills. */
const BLOCK = 512;

/** Where the fields of a header lie (POSIX ustar). */
const UID = { at: 108, length: 8 };
const GID = { at: 116, length: 8 };
const SIZE = { at: 124, length: 12 };
const CHECKSUM = { at: 148, length: 8 };

/** Who files belong to. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Gives all entries of a tar stream to one owner, as it flows by: builders run as a user of theirs, who has to be able to
 * write next to the source. Everything else stays as it is to the byte, names in strange bytes too.
 */
export class TarOwner extends Transform {
  private header: Buffer = Buffer.alloc(0);
  /** Bytes of the entry under way that are still to come. */
  private body = 0;

  constructor(private readonly owner: Owner) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let rest = chunk; rest.length > 0;) rest = this.body > 0 ? this.passBody(rest) : this.takeHeader(rest);
    done();
  }

  override _flush(done: TransformCallback): void {
    done(null, this.header.length === 0 ? undefined : this.header);
  }

  private passBody(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.body);
    this.push(part);
    this.body -= part.length;
    return bytes.subarray(part.length);
  }

  private takeHeader(bytes: Buffer): Buffer {
    const missing = BLOCK - this.header.length;
    this.header = Buffer.concat([this.header, bytes.subarray(0, missing)]);
    if (this.header.length === BLOCK) this.endHeader();
    return bytes.subarray(missing);
  }

  private endHeader(): void {
    const header = this.header;
    this.header = Buffer.alloc(0);
    // Blocks of zeros end the stream.
    if (header[0] !== 0) {
      this.body = Math.ceil(numberAt(header, SIZE) / BLOCK) * BLOCK;
      writeNumber(header, UID, this.owner.uid);
      writeNumber(header, GID, this.owner.gid);
      writeChecksum(header);
    }
    this.push(header);
  }
}

/** The source of a build, its files given to an owner; what breaks the source breaks this stream with the same words. */
export function ownedBy(owner: Owner, source: Readable): Readable {
  const owned = new TarOwner(owner);
  if (source.errored === null) pipeline(source, owned, () => undefined);
  else owned.destroy(source.errored);
  return owned;
}

/** Consumes a source whatever becomes of `work`: an error that comes before it is read must not end the process. */
export async function consuming<T>(source: Readable, work: () => Promise<T>): Promise<T> {
  source.on('error', () => undefined);
  try {
    return await work();
  } finally {
    source.destroy();
  }
}

interface Field {
  readonly at: number;
  readonly length: number;
}

/** Octal digits, or (with the highest bit set) a big-endian number, as GNU tar writes what is too large for them. */
function numberAt(header: Buffer, { at, length }: Field): number {
  if (((header[at] ?? 0) & 0x80) !== 0) return header.readUIntBE(at + length - 6, 6);
  return Number.parseInt(header.toString('latin1', at, at + length), 8) || 0;
}

function writeNumber(header: Buffer, { at, length }: Field, value: number): void {
  header.fill(0, at, at + length);
  const digits = value.toString(8).padStart(length - 1, '0');
  if (digits.length < length) header.write(digits, at, 'latin1');
  else {
    header.writeUIntBE(value, at + length - 6, 6);
    header[at] = 0x80;
  }
}

/** The sum of all bytes of the header, with spaces in its own place. */
function writeChecksum(header: Buffer): void {
  const { at, length } = CHECKSUM;
  header.fill(' ', at, at + length);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, at, 'latin1');
}
