/** What may differ from run to run, then white space, then any other character; the first that fits counts. */
const PIECES = /(?<any>…)|(?<sha>\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b)|(?<host>\bh\d\b)|(?<number>\d+)|(?<space>\s+)|[^]/g;

/** What stands for a piece of each kind. */
const PATTERNS: Readonly<Record<string, string>> = {
  any: '.*',
  sha: '[0-9a-f]+',
  host: 'h\\d+',
  number: '\\d+',
  space: '',
};

/**
 * The lines of a shown output that are not in the real one. White space does not count, as pages break lines and
 * programs fill columns; numbers, shas and hosts may be others, `…` stands for anything.
 */
export function notShown(shown: string, output: string): readonly string[] {
  const solid = output.replace(/\s+/g, '');
  const lines = shown.split('\n').filter((line) => line.trim() !== '');
  return lines.filter((line) => !new RegExp(patternOf(line)).test(solid));
}

function patternOf(line: string): string {
  return [...line.matchAll(PIECES)].map(({ 0: text, groups }) => kindOf(groups) ?? escaped(text)).join('');
}

function kindOf(groups: Readonly<Record<string, string | undefined>> = {}): string | undefined {
  const kind = Object.keys(groups).find((name) => groups[name] !== undefined);
  return kind === undefined ? undefined : PATTERNS[kind];
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
