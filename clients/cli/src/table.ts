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
