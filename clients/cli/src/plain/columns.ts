import type { Column } from '../table.js';
import { ago } from '../times.js';
import { fieldAt, inWords } from './field-at.js';

/** How many columns stay on the narrowest terminal. */
const STAYING = 3;

/** Columns of a table from `HEAD path.to.field`. Commits are shortened, times are told from now. */
export function columnsOf(columns: readonly string[]): readonly Column<unknown>[] {
  return columns.map((column, at) => {
    const [head = '', path = ''] = column.split(' ');
    return { head, of: (row) => cellOf(path, fieldAt(row, path)), rank: Math.max(0, at - STAYING + 1) };
  });
}

function cellOf(path: string, value: unknown): string {
  if (typeof value === 'string' && path.endsWith('rref')) return value.slice(0, 7);
  if (typeof value === 'string' && path.endsWith('_at')) return ago(value);
  return inWords(value);
}
