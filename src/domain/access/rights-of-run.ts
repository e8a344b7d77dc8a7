import type { CiRule } from './parse-ci-rules.js';

/** What a token of GitHub Actions says of the run that asks: https://docs.github.com/en/actions/reference/openid-connect-reference. */
export interface CiRun {
  /** `owner/name`. */
  readonly repository: string;
  /** The Git ref that it runs for. */
  readonly ref: string;
  /** The environment on GitHub that its job is for; null for none. */
  readonly environment: string | null;
}

/** The rules that a run comes under. Names of repositories on GitHub know no capitals, refs do. */
export function rulesOfRun(rules: readonly CiRule[], run: CiRun): readonly CiRule[] {
  return rules.filter(({ repository, of }) => {
    const said = of.kind === 'ref' ? run.ref : run.environment;
    return fits(repository.toLowerCase(), run.repository.toLowerCase()) && said !== null && fits(of.pattern, said);
  });
}

/** Whether a text is of a pattern in which `*` stands for anything, nothing too. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  return inOrder(rest, text.slice(first.length, text.length - last.length));
}

/** No regular expression: a pattern with many `*` would make one slow. */
function inOrder(parts: readonly string[], text: string): boolean {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return true;
}
