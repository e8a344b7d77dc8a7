import { PassThrough, type Readable } from 'node:stream';
import type { GitCache } from './git-cache.js';
import { GitError } from './git-command.js';
import type { GitRemote } from './git-remote.js';

/** Files above so many bytes are read from the cache in pieces, and not put together in git's memory first. */
const STREAMED_ABOVE = 4 * 1024 * 1024;
const CAT_FILE = ['-c', `core.bigFileThreshold=${STREAMED_ABOVE}`, 'cat-file', '--batch'];

/** Reads files of a repository one after the other from one `git cat-file`: ask for some, then read as many in that order. */
export class GitBlobs {
  private readonly asked = new PassThrough();
  private readonly output: Readable;
  private readonly chunks: AsyncIterator<Buffer, undefined>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(cache: GitCache, remote: GitRemote, signal: AbortSignal) {
    this.output = cache.stream(remote, CAT_FILE, { part: 'files', signal, input: this.asked });
    this.chunks = this.output[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  /** Asks for files by their ids. Each of them has to be read. */
  ask(ids: readonly string[]): void {
    if (ids.length > 0) this.asked.write(`${ids.join('\n')}\n`);
  }

  /** The length of the next file, whose content has to be read with {@link content}. */
  async open(): Promise<number> {
    const line = await this.line();
    const [id = '', type, size] = line.split(' ');
    if (type !== 'blob') throw new GitError(`missing blob ${id}: ${line}`);
    return Number(size);
  }

  /** The content of the file that was opened, in pieces. */
  async *content(size: number): AsyncGenerator<Buffer> {
    let left = size;
    while (left > 0) {
      if (this.rest.length === 0) await this.more();
      const piece = this.rest.subarray(0, left);
      this.rest = this.rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
    if (this.rest.length === 0) await this.more();
    this.rest = this.rest.subarray(1);
  }

  /** The whole content of the next file; for small ones. */
  async whole(): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of this.content(await this.open())) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Ends git. */
  close(): void {
    this.asked.end();
    this.output.destroy();
  }

  private async line(): Promise<string> {
    for (;;) {
      const end = this.rest.indexOf('\n');
      if (end >= 0) {
        const line = this.rest.toString('latin1', 0, end);
        this.rest = this.rest.subarray(end + 1);
        return line;
      }
      await this.more();
    }
  }

  private async more(): Promise<void> {
    const { value, done } = await this.chunks.next();
    if (done === true || value === undefined) throw new GitError('git ended before all files were read');
    this.rest = this.rest.length === 0 ? value : Buffer.concat([this.rest, value]);
  }
}

/** So many files are asked for before they are read, so that git is not waited for between two. */
export const ASKED_AT_ONCE = 128;

/** The contents of some small files, one after the other in the order of their ids. */
export async function* smallBlobs(blobs: GitBlobs, ids: readonly string[]): AsyncGenerator<Buffer> {
  for (let from = 0; from < ids.length; from += ASKED_AT_ONCE) {
    const some = ids.slice(from, from + ASKED_AT_ONCE);
    blobs.ask(some);
    for (let read = 0; read < some.length; read += 1) yield await blobs.whole();
  }
}
