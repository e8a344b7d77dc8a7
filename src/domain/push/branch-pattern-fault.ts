/** Longest pattern, in characters. */
export const LONGEST_PATTERN = 255;

/** What no name of a branch holds: https://git-scm.com/docs/git-check-ref-format. `*` is ours. */
const NEVER = /[\u0000-\u0020\u007f~^:?[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$|\.lock$|^refs\//;

/** Why something is no pattern of branches, as a predicate; null for one that is. */
export function branchPatternFault(pattern: string): string | null {
  if (pattern === '' || pattern.length > LONGEST_PATTERN)
    return `has ${pattern.length} characters, but should have 1 to ${LONGEST_PATTERN}.`;
  if (NEVER.test(pattern)) return 'should be a branch, main, or a pattern of branches: release/*, or ** for all.';
  const parts = pattern.split('/');
  return parts.slice(0, -1).some((part) => part.includes('**')) || /.\*\*|\*\*./.test(parts.at(-1) ?? '')
    ? 'may hold ** only as its last part: release/**. A * stands for anything but a slash.'
    : null;
}
