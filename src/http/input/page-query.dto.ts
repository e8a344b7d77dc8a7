import { WholeNumber } from './fields.js';

/** Which part of a list is wanted. Filters of a list are a class that extends this one. */
export class PageQueryDto {
  /** Number of the page, 1 and up. */
  @WholeNumber({ min: 1, max: 1_000_000, optional: true, example: 1 })
  page?: number;

  /** How many a page holds; 25 where nothing is said. */
  @WholeNumber({ min: 1, max: 100, optional: true, example: 25 })
  per_page?: number;
}
