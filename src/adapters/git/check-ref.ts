import { invalid } from '../../domain/kernel/errors.js';

/** Longest ref, in characters: GitHub's own limit for a branch name. */
const LONGEST_REF = 255;

/** What no ref may hold, by `git help check-ref-format`; a leading `-` would be read as an option. */
const FORBIDDEN = [
  /^-/,
  /^@$/,
  /(^|\/)\./,
  /\.lock(\/|$)/,
  /\.$/,
  /^\/|\/\/|\/$/,
  /\.\.|@\{/,
  /[\s~^:?*[\\\x00-\x20\x7f]/,
];

/** Refuses a ref that git could not have, before git sees it. */
export function checkRef(ref: string): void {
  if (ref === '') throw invalid('ref', 'is empty: name a branch, a tag or a commit.');
  if (ref.length > LONGEST_REF)
    throw invalid('ref', `has ${ref.length} characters: at most ${LONGEST_REF} are allowed.`);
  if (FORBIDDEN.some((rule) => rule.test(ref)))
    throw invalid('ref', `"${ref.slice(0, 80)}" is not a name that a branch, tag or commit can have.`);
}
