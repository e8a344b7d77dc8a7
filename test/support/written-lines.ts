import fs from 'node:fs';
import { vi } from 'vitest';

/** What the process of a test writes to its output and its errors: pino writes there past `process.stdout`. */
export class WrittenLines {
  readonly all: string[] = [];

  private constructor(private readonly undo: readonly (() => void)[]) {}

  /** Listens until it is stopped. */
  static ofThisProcess(): WrittenLines {
    const undo: (() => void)[] = [];
    const lines = new WrittenLines(undo);
    const note = (chunk: unknown): void => {
      lines.all.push(Buffer.isBuffer(chunk) ? chunk.toString() : String(chunk));
    };
    const { writeSync } = fs;
    const spy = vi.spyOn(fs, 'writeSync').mockImplementation(((fd: number, chunk: never, ...rest: never[]) => {
      if (fd === 1 || fd === 2) note(chunk);
      return writeSync(fd, chunk, ...rest);
    }) as typeof writeSync);
    undo.push(() => spy.mockRestore());
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream);
      const both = vi.spyOn(stream, 'write').mockImplementation(((chunk: never, ...rest: never[]) => {
        note(chunk);
        return write(chunk, ...rest);
      }) as typeof write);
      undo.push(() => both.mockRestore());
    }
    return lines;
  }

  stop(): void {
    for (const undo of this.undo) undo();
  }
}
