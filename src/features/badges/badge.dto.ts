import { Reference } from '../../http/input/fields.js';

/** Of which environment a badge is. */
export class BadgeQueryDto {
  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;
}

/** A badge as an answer shows it. */
export const BADGE_EXAMPLE =
  '<svg xmlns="http://www.w3.org/2000/svg" width="231" height="20" role="img" aria-label="sample production: v4 5b0c7d1">…</svg>\n';
