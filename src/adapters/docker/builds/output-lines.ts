import { StringDecoder } from 'node:string_decoder';
import type { BuildLine } from '../../../domain/build/build-line.js';
import type { OutputPiece } from './output-frames.js';

/** A line that is longer is handed on in pieces of so many characters, before its newline has come too. */
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
    this.text = '';
    const rest = pieces.pop() ?? '';
    for (const piece of pieces) yield* cut(piece.replace(/\r$/, ''));
    const whole = Math.floor(rest.length / LONGEST_PART) * LONGEST_PART;
    if (whole > 0) yield* cut(rest.slice(0, whole));
    this.text = rest.slice(whole);
  }

  *end(): Generator<string> {
    const rest = this.text + this.decoder.end();
    this.text = '';
    if (rest !== '') yield rest;
  }
}

/** A line that is too long, in pieces. */
function* cut(line: string): Generator<string> {
  yield line.slice(0, LONGEST_PART);
  for (let at = LONGEST_PART; at < line.length; at += LONGEST_PART) yield line.slice(at, at + LONGEST_PART);
}
