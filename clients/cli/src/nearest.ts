/** The word most like the one that was typed; null where none is near: a third of its letters may be wrong. */
export function nearest(typed: string, words: readonly string[]): string | null {
  const far = Math.max(1, Math.floor(typed.length / 3)) + 1;
  const ranked = words
    .map((word) => ({ word, distance: distance(typed.toLowerCase(), word.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance || one.word.localeCompare(other.word));
  const best = ranked[0];
  return best !== undefined && best.distance < far ? best.word : null;
}

/** How many letters have to be put in, taken out, changed or swapped with their neighbour. */
function distance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row += 1) {
    rows.push([row]);
    for (let column = 1; column <= other.length; column += 1) rows[row]?.push(step(rows, { one, other, row, column }));
  }
  return rows[one.length]?.[other.length] ?? 0;
}

interface Place {
  readonly one: string;
  readonly other: string;
  readonly row: number;
  readonly column: number;
}

function step(rows: readonly (readonly number[])[], { one, other, row, column }: Place): number {
  const at = (up: number, left: number): number => rows[row - up]?.[column - left] ?? Number.POSITIVE_INFINITY;
  const same = one[row - 1] === other[column - 1];
  const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
  return Math.min(at(1, 0) + 1, at(0, 1) + 1, at(1, 1) + (same ? 0 : 1), swapped ? at(2, 2) + 1 : Infinity);
}
