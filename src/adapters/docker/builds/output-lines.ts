import { StringDecoder } from 'node:string_decoder';
import type { BuildLine } from '../../../domain/build/build-line.js';
import type { OutputPiece } from './output-frames.js';

/** Longest part of a line without its newline that is kept before it is handed on as a line, in characters. */
const LONGEST_PART = 16_384;

/** How many last lines are kept for the sentence of a failure. */
const LAST = 5;

/** Escape sequences that colour text; they stay in the line, but not in a step's name or in a sentence. */
const COLOUR = /\x1b\[[0-9;]*m/g;

/** The headings of classic buildpacks, and of the lifecycle's phases. */
const HEADING = /^(?:-----> |===> )(.+)$/;

/** Puts what a container prints together into lines, each with its stream and the heading that it stands below. */
export class OutputLines {
  private readonly parts = { stdout: new Part(), stderr: new Part() };
  private readonly lastOnes: string[] = [];
  private step: string | null = null;

  constructor(private readonly onLine: (line: BuildLine) => void | Promise<void>) {}

  /** The last lines that were not empty, the oldest first, without their colours. */
  get last(): readonly string[] {
    return this.lastOnes;
  }

  async add({ stream, bytes }: OutputPiece): Promise<void> {
    for (const line of this.parts[stream].add(bytes)) await this.say(stream, line);
  }

  /** Hands on what came without a newline at its end. */
  async end(): Promise<void> {
    for (const stream of ['stdout', 'stderr'] as const)
      for (const line of this.parts[stream].end()) await this.say(stream, line);
  }

  private async say(stream: OutputPiece['stream'], text: string): Promise<void> {
    const plain = text.replaceAll(COLOUR, '').trim();
    this.step = HEADING.exec(plain)?.[1] ?? this.step;
    if (plain !== '') this.lastOnes.push(plain);
    if (this.lastOnes.length > LAST) this.lastOnes.shift();
    await this.onLine({ text, stream, step: this.step });
  }
}

/** A line that has not ended yet. */
class Part {
  private readonly decoder = new StringDecoder('utf8');
  private text = '';

  *add(bytes: Buffer): Generator<string> {
    const pieces = (this.text + this.decoder.write(bytes)).split('\n');
    this.text = pieces.pop() ?? '';
    for (const piece of pieces) yield piece.replace(/\r$/, '');
    for (; this.text.length > LONGEST_PART; this.text = this.text.slice(LONGEST_PART))
      yield this.text.slice(0, LONGEST_PART);
  }

  *end(): Generator<string> {
    const rest = this.text + this.decoder.end();
    this.text = '';
    if (rest !== '') yield rest;
  }
}
