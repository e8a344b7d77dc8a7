import { OneOf, WholeNumber } from './fields.js';

/** Which part of a list is wanted. Filters of a list are a class that extends this one. */
export class PageQueryDto {
  /** Number of the page, 1 and up. */
  @WholeNumber({ min: 1, max: 1_000_000, optional: true, example: 1 })
  page?: number;

  /** How many a page holds; 25 where nothing is said. */
  @WholeNumber({ min: 1, max: 100, optional: true, example: 25 })
  per_page?: number;

  /** By what the list is sorted. Ids grow with time, so both give one order. */
  @OneOf(['id', 'created_at'], { optional: true, example: 'created_at' })
  sort_by?: 'id' | 'created_at';

  /** `desc` is newest first; `asc`, oldest first, is what `sort_by` alone means. */
  @OneOf(['asc', 'desc'], { optional: true, example: 'desc' })
  sort_order?: 'asc' | 'desc';
}
