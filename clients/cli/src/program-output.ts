import type { Output, Paint } from './output.js';
import { type Column, tableLines } from './table.js';
import type { TextOutput, World } from './world.js';

/** How the program was asked to speak. */
export interface Manner {
  readonly json: boolean;
  readonly quiet: boolean;
  /** False by `--no-color`. */
  readonly color: boolean;
}

const CODES: Readonly<Record<Paint, number>> = { good: 32, bad: 31, warning: 33, faint: 2, strong: 1 };

const WITHOUT_TERMINAL = 80;
const NARROWEST = 20;

/** What is piped is not cut: whoever reads it wants it whole. */
const WITHOUT_END = 100_000;

/** Speaks to a terminal, a pipe or a file. */
export class ProgramOutput implements Output {
  readonly json: boolean;
  readonly quiet: boolean;

  constructor(
    private readonly world: World,
    private readonly manner: Manner,
  ) {
    this.json = manner.json;
    this.quiet = manner.quiet;
  }

  get live(): boolean {
    return this.world.stderr.isTTY === true && !this.json && !this.quiet && this.world.environment['TERM'] !== 'dumb';
  }

  get columns(): number {
    const { stdout, stderr } = this.world;
    return Math.max(NARROWEST, stdout.columns ?? stderr.columns ?? WITHOUT_TERMINAL);
  }

  data<T>(value: T, lines: (value: T) => readonly string[]): void {
    if (this.json) this.line(JSON.stringify(value, null, 2));
    else for (const line of lines(value)) this.line(line);
  }

  table<T>(rows: readonly T[], columns: readonly Column<T>[]): void {
    const width = this.world.stdout.isTTY === true ? this.columns : WITHOUT_END;
    this.data(rows, () => {
      const [head = '', ...rest] = tableLines(rows, columns, width);
      return rows.length === 0 ? [] : [this.paint(head, 'faint'), ...rest];
    });
    if (rows.length === 0 && !this.json) this.progress('There is none.');
  }

  line(text: string): void {
    this.world.stdout.write(`${text}\n`);
  }

  progress(text: string): void {
    if (!this.quiet) this.warn(text);
  }

  warn(text: string): void {
    this.world.stderr.write(`${text}\n`);
  }

  paint(text: string, paint: Paint, stream: 'stdout' | 'stderr' = 'stdout'): string {
    return this.colored(this.world[stream]) ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text;
  }

  /** https://no-color.org: set and not empty means none. */
  private colored({ isTTY }: TextOutput): boolean {
    const { NO_COLOR, TERM } = this.world.environment;
    return isTTY === true && this.manner.color && !NO_COLOR && TERM !== 'dumb';
  }
}
