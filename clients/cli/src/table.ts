import { textWidth } from './text-width.js';
import { safeText } from './safe-text.js';

/** A column of a table. */
export interface Column<T> {
  /** Its head, in capitals. */
  readonly head: string;
  /** What stands in it; an empty text where there is nothing to say. */
  readonly of: (row: T) => string;
  /** Columns that are left out first on a narrow terminal have the higher number; 0, the default, always stays. */
  readonly rank?: number;
  readonly align?: 'left' | 'right';
}

const GAP = 2;

/** The narrowest that a column is cut to. */
const NARROWEST = 6;

interface Laid {
  readonly cells: readonly string[];
  readonly width: number;
  readonly rank: number;
  readonly align: 'left' | 'right';
}

/** The lines of a table with its heads, no wider than `width`: it leaves columns out by rank, then cuts the widest. */
export function tableLines<T>(rows: readonly T[], columns: readonly Column<T>[], width: number): readonly string[] {
  const laid = fitted(
    columns.map((column) => lay(rows, column)),
    width,
  );
  return Array.from({ length: rows.length + 1 }, (_, row) =>
    laid
      .map((column) => cell(column, row))
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
}

function lay<T>(rows: readonly T[], { head, of, rank = 0, align = 'left' }: Column<T>): Laid {
  const cells = [head, ...rows.map((row) => oneLine(of(row)))];
  return { cells, width: Math.max(...cells.map((each) => textWidth(each))), rank, align };
}

const oneLine = (text: string): string => safeText(text).replace(/\s+/g, ' ').trim();

function fitted(columns: readonly Laid[], width: number): readonly Laid[] {
  if (total(columns) <= width) return columns;
  const last = Math.max(...columns.map(({ rank }) => rank));
  if (last > 0)
    return fitted(
      columns.filter(({ rank }) => rank < last),
      width,
    );
  return cut(columns, width);
}

function cut(columns: readonly Laid[], width: number): readonly Laid[] {
  const widest = columns.reduce((most, each) => (each.width > most.width ? each : most));
  const excess = total(columns) - width;
  if (excess <= 0 || widest.width <= NARROWEST) return columns;
  const next = nextWidth(columns, widest, excess);
  return cut(
    columns.map((each) => (each === widest ? { ...each, width: next } : each)),
    width,
  );
}

/** Down to the second widest at most, so that wide columns share what has to go. */
function nextWidth(columns: readonly Laid[], widest: Laid, excess: number): number {
  const second = Math.max(0, ...columns.filter((each) => each !== widest).map((each) => each.width));
  return Math.max(NARROWEST, widest.width - excess, Math.min(second, widest.width - 1));
}

const total = (columns: readonly Laid[]): number =>
  columns.reduce((sum, each) => sum + each.width, GAP * Math.max(0, columns.length - 1));

function cell({ cells, width, align }: Laid, row: number): string {
  const text = shortened(cells[row] ?? '', width);
  const space = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}

/** The text in so many columns, with an ellipsis where it had to be cut. */
export function shortened(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  for (const sign of text) {
    if (textWidth(kept + sign) > width - 1) break;
    kept += sign;
  }
  return `${kept}…`;
}
