import { DomainError } from '../kernel/errors.js';

/** What a `.dockerignore` says. */
export interface IgnoreRules {
  /** Whether a path, seen from the context, is left out. */
  ignores(path: string): boolean;
  /** Whether a rule with `!` may bring back what lies below an ignored folder. */
  readonly hasExceptions: boolean;
}

/** Nothing is left out. */
export const NO_IGNORE_RULES: IgnoreRules = { ignores: () => false, hasExceptions: false };

/** Most rules, and most characters of one: a file beyond that is a mistake, and would cost time for each path. */
const MOST = { rules: 2_000, characters: 1_000 };

interface Rule {
  readonly brings: boolean;
  /** One matcher for each part of the path; `**` stands for any number of parts. */
  readonly parts: readonly (Part | '**')[];
}

/** One character of a part, or any run of them. */
type Token = '*' | ((character: string) => boolean);
type Part = readonly Token[];

/**
 * Reads a `.dockerignore` as Docker does (https://docs.docker.com/build/concepts/context/#dockerignore-files): a rule holds for
 * a path and all below it, the last that holds decides. It matches without regular expressions, since whoever commits the
 * file would choose them, and one can take hours; characters such as `+` and `(` mean themselves.
 */
export function parseIgnoreRules(text: string): IgnoreRules {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const rules = lines.map(ruleOf).filter((rule) => rule !== null);
  if (rules.length > MOST.rules || lines.some((line) => line.length > MOST.characters))
    throw new DomainError(
      'unprocessable_entity',
      `The .dockerignore should have at most ${MOST.rules} rules of at most ${MOST.characters} characters.`,
    );
  return { ignores: (path) => ignores(rules, path.split('/')), hasExceptions: rules.some(({ brings }) => brings) };
}

function ignores(rules: readonly Rule[], path: readonly string[]): boolean {
  const last = rules.findLast(({ parts }) => holds(parts, path));
  return last !== undefined && !last.brings;
}

/** A line as a rule; null for a comment, an empty line, and one that names the context itself. */
function ruleOf(line: string): Rule | null {
  if (line.startsWith('#')) return null;
  const brings = line.trim().startsWith('!');
  const parts = cleanParts(line.trim().replace(/^!\s*/, ''));
  if (parts.length === 0) return null;
  return { brings, parts: parts.map((part, index) => partOf(part, index === parts.length - 1)) };
}

/** At the end of a rule `**` stands for one part at least: `a/**` is what lies in `a`, and no file called `a`. */
function partOf(part: string, isLast: boolean): Part | '**' {
  if (!/^\*\*+$/.test(part)) return tokensOf(part);
  return isLast ? tokensOf('*') : '**';
}

/** Without a leading slash, `.` and what `..` takes back. */
function cleanParts(pattern: string): readonly string[] {
  const parts: string[] = [];
  for (const part of pattern.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

/** Whether a rule holds for a path or one of the folders above it. */
function holds(rule: Rule['parts'], path: readonly string[]): boolean {
  // States are the numbers of parts of the rule that are used up; each part of the path moves them on.
  let states = beyondStars(rule, new Set([0]));
  for (const part of path) {
    const next = new Set<number>();
    for (const state of states) {
      const matcher = rule[state];
      if (matcher === '**') next.add(state);
      else if (matcher !== undefined && matches(matcher, [...part])) next.add(state + 1);
    }
    states = beyondStars(rule, next);
    if (states.has(rule.length)) return true;
  }
  return false;
}

/** `**` may stand for no part at all. */
function beyondStars(rule: Rule['parts'], states: Set<number>): ReadonlySet<number> {
  for (const state of states) if (rule[state] === '**') states.add(state + 1);
  return states;
}

/** Goes back to the last `*` alone, so the time is that of the lengths multiplied. */
function matches(tokens: Part, text: readonly string[]): boolean {
  let [token, at, star, from] = [0, 0, -1, 0];
  while (at < text.length) {
    const matcher = tokens[token];
    if (matcher === '*') [star, from, token] = [token, at, token + 1];
    else if (matcher?.(text[at] ?? '') === true) [token, at] = [token + 1, at + 1];
    else if (star >= 0) [from, token, at] = [from + 1, star + 1, from + 1];
    else return false;
  }
  return tokens.slice(token).every((rest) => rest === '*');
}

const TOKEN = /\*+|\?|\\(?<escaped>[\s\S])|\[(?<not>\^?)(?<set>(?:\\[\s\S]|[^\]\\])+)\]|[\s\S]/gu;

function tokensOf(part: string): Part {
  return [...part.matchAll(TOKEN)].map(({ 0: text, groups = {} }): Token => {
    if (text.startsWith('*')) return '*';
    if (text === '?') return () => true;
    if (groups['set'] !== undefined) return oneOf(groups['set'], groups['not'] !== '');
    const meant = groups['escaped'] ?? text;
    return (character) => character === meant;
  });
}

const RANGE = /\\?(?<from>[\s\S])(?:-\\?(?<to>[\s\S]))?/gu;

/** `[a-z_]`, or with `^` all but these. */
function oneOf(set: string, not: boolean): Token {
  const ranges = [...set.matchAll(RANGE)].map(({ groups = {} }) => {
    const from = groups['from'] ?? '';
    return { from, to: groups['to'] ?? from };
  });
  return (character) => ranges.some(({ from, to }) => character >= from && character <= to) !== not;
}
