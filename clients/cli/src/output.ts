import type { Column } from './table.js';

/** How a word stands out where colours are wanted. */
export type Paint = 'good' | 'bad' | 'warning' | 'faint' | 'strong';

/** All that the program says: data on stdout, everything else on stderr. */
export interface Output {
  /** Whether data is JSON: a verb then prints one document, by {@link data}. */
  readonly json: boolean;
  /** Whether nothing is said but data and faults. */
  readonly quiet: boolean;
  /** Whether stderr is a terminal in which a view may change in place: never with `--json`, `--quiet` or `TERM=dumb`. */
  readonly live: boolean;
  /** Columns of the terminal; 80 where there is none, never under 20. */
  readonly columns: number;
  /** Prints the value for `--json`, else what `lines` makes of it for people. */
  data<T>(value: T, lines: (value: T) => readonly string[]): void;
  /** Prints a list: an array for `--json`, else a table that fits the terminal. */
  table<T>(rows: readonly T[], columns: readonly Column<T>[]): void;
  /** One line of data: for text and logs. */
  line(text: string): void;
  /** One line of progress, on stderr; not with `--quiet`. */
  progress(text: string): void;
  /** A line that people have to see, on stderr, even with `--quiet`. */
  warn(text: string): void;
  /** The text in a colour, as it is where no colours are wanted. For stdout unless told. */
  paint(text: string, paint: Paint, stream?: 'stdout' | 'stderr'): string;
}
