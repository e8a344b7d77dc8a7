/**
 * Whether a branch is one of a pattern: `main`, `release/*`, `**`. A `*` stands for any characters but `/`; `**` as the
 * last part stands for all that follows, at least one part. It takes time in proportion to the two lengths multiplied,
 * whatever they hold.
 */
export function matchesBranch(pattern: string, branch: string): boolean {
  const wanted = pattern.split('/');
  const parts = branch.split('/');
  const open = wanted.at(-1) === '**';
  const fixed = open ? wanted.slice(0, -1) : wanted;
  if (open ? parts.length <= fixed.length : parts.length !== fixed.length) return false;
  return fixed.every((part, at) => matchesPart(part, parts[at] ?? ''));
}

/** Goes back to the last `*` alone, which is enough: an earlier one can give nothing that the last cannot. */
function matchesPart(pattern: string, text: string): boolean {
  let [at, inText, star, mark] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (pattern[at] === '*') [star, mark, at] = [at, inText, at + 1];
    else if (pattern[at] === text[inText]) [at, inText] = [at + 1, inText + 1];
    else if (star >= 0) [at, mark, inText] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
