/** One measured row: a text for each column. */
export type Row = Readonly<Record<string, string>>;

/** Rows as a Markdown table, numbers to the right, so that it can be pasted where people read it. */
export function tableOf(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => cell(row, column).length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, at) => padded(text, widths[at] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(columns), rule, ...rows.map((row) => line(columns.map((column) => cell(row, column))))].join('\n');
}

/** A number with thousands apart: `100,000`. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function cell(row: Row, column: string): string {
  return row[column] ?? '';
}

function padded(text: string, width: number): string {
  return /^[\d.,]+( \w+)?$/.test(text) ? text.padStart(width) : text.padEnd(width);
}
