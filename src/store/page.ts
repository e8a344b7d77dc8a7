import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';

/** Which part of a list is wanted. */
export interface PageRequest {
  /** 1 and up; 1 where nothing is said. */
  readonly page?: number;
  /** 25 where nothing is said. */
  readonly per_page?: number;
  /** Ids grow with time, so both are one order. */
  readonly sort_by?: 'id' | 'created_at';
  /** Newest first where neither is said; oldest first where only `sort_by` is, as the original did. */
  readonly sort_order?: 'asc' | 'desc';
}

/** One page of a list, with what is needed to find the others. */
export class Page<T> {
  constructor(
    readonly items: readonly T[],
    readonly page: number,
    readonly perPage: number,
    readonly totalCount: number,
  ) {}

  /** 1 also where there is nothing. */
  get totalPages(): number {
    return Math.max(1, Math.ceil(this.totalCount / this.perPage));
  }

  /** The same page of something else. */
  map<U>(change: (item: T) => U): Page<U> {
    return new Page(this.items.map(change), this.page, this.perPage, this.totalCount);
  }
}

/** How many a page holds where nothing is said. */
export const DEFAULT_PER_PAGE = 25;

/** Reads a page, newest first where nothing else is said: ids grow, so their order is stable and that of creation. `column` is another that does. */
export async function readPage<T extends ObjectLiteral>(
  query: SelectQueryBuilder<T>,
  { page = 1, per_page: perPage = DEFAULT_PER_PAGE, sort_by: by, sort_order: order }: PageRequest,
  column = 'id',
): Promise<Page<T>> {
  const direction = (order ?? (by === undefined ? 'desc' : 'asc')) === 'asc' ? 'ASC' : 'DESC';
  const [rows, total] = await query
    .orderBy(`${query.alias}.${column}`, direction)
    .offset((page - 1) * perPage)
    .limit(perPage)
    .getManyAndCount();
  return new Page(rows, page, perPage, total);
}
