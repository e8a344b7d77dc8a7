import { stripVTControlCharacters } from 'node:util';
import { textWidth } from '../text-width.js';
import type { TextOutput } from '../world.js';

/** Control sequences of a terminal: https://invisible-island.net/xterm/ctlseqs/ctlseqs.html. */
const UP = (rows: number): string => (rows === 0 ? '' : `\u001b[${rows}A`);
const REST_OF_LINE = '\u001b[K';
const ALL_BELOW = '\u001b[J';

/** A terminal that knows these shows what is between them at once; another one ignores them. */
const AT_ONCE = ['\u001b[?2026h', '\u001b[?2026l'] as const;

/** Lines of a terminal that are written over and over in the same place. What is written last stays. */
export class InPlace {
  private shown: readonly string[] = [];

  constructor(private readonly terminal: Pick<TextOutput, 'write' | 'columns'>) {}

  /** Shows these lines in place of those before; none may be wider than the terminal. */
  show(lines: readonly string[]): void {
    if (lines.length === this.shown.length && lines.every((line, at) => line === this.shown[at])) return;
    const text = lines.map((line) => `${line}${REST_OF_LINE}\n`).join('');
    this.terminal.write(`${AT_ONCE[0]}\r${UP(this.rows())}${text}${ALL_BELOW}${AT_ONCE[1]}`);
    this.shown = lines;
  }

  /** Rows that the lines take by now: a terminal that was made narrower has broken them. */
  private rows(): number {
    const columns = Math.max(1, this.terminal.columns ?? 80);
    const width = (line: string): number => textWidth(stripVTControlCharacters(line));
    return this.shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(width(line) / columns)), 0);
  }
}
