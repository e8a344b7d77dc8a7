import { type PrintedLine, PrintedLines } from './printed-lines.js';

/** Makes text of bytes that come in pieces, which may be cut within a character: a `StringDecoder` of Node. */
export interface Decoder<Bytes> {
  write(bytes: Bytes): string;
  /** What is left of a character that never ended. */
  end(): string;
}

/** As {@link PrintedLines}, of bytes. */
export class PrintedBytes<Bytes> {
  private readonly lines = new PrintedLines();

  constructor(private readonly decoder: Decoder<Bytes>) {}

  add(bytes: Bytes): Generator<PrintedLine> {
    return this.lines.add(this.decoder.write(bytes));
  }

  *end(): Generator<PrintedLine> {
    yield* this.lines.add(this.decoder.end());
    yield* this.lines.end();
  }
}
