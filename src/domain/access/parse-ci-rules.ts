import { parseRights, type Rights, shorten } from './parse-rights.js';

/** Which runs of GitHub Actions may do what. */
export interface CiRule extends Rights {
  /** Repositories: `acme/blog`, or with `*` in the name, `acme/*`. */
  readonly repository: string;
  /** What the run is of: a Git ref, or an environment of the repository on GitHub, either with `*` within. */
  readonly of: { readonly kind: 'ref' | 'environment'; readonly pattern: string };
}

/** The rules of a text; where it has a fault, no rules and the first fault. */
export interface CiRules {
  readonly rules: readonly CiRule[];
  /** The part that is at fault and why; null for a good text. */
  readonly fault: string | null;
}

/** The owner has no `*`: anybody can make a repository on GitHub, and run Actions in it. */
const REPOSITORY = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._*-]{1,100}$/;

const REF = /^refs\/\S{1,250}$/;

const ENVIRONMENT = /^environment:\S{1,250}$/;

/**
 * Reads which runs are what: `acme/*@refs/heads/main=deployer:staging, acme/blog@environment:production=admin`. The
 * rights of a rule hold for the apps of the run's own repository alone.
 */
export function parseCiRules(text: string): CiRules {
  const read = text.split(',').map((part) => readPart(part.trim()));
  const fault = read.find((part): part is string => typeof part === 'string');
  if (fault !== undefined) return { rules: [], fault };
  return { rules: read.filter((part): part is CiRule => typeof part !== 'string'), fault: null };
}

/** The rule, or its fault. A ref may hold `=` and `@`, a repository and rights never do. */
function readPart(part: string): CiRule | string {
  const [at, equals] = [part.indexOf('@'), part.lastIndexOf('=')];
  if (at < 0 || equals < at) return part === '' ? 'there is nothing between two commas' : noRule(part);
  const repository = part.slice(0, at).trim();
  const of = part.slice(at + 1, equals).trim();
  if (!REPOSITORY.test(repository)) return `"${shorten(repository)}" is no repository, acme/blog or acme/*`;
  if (!REF.test(of) && !ENVIRONMENT.test(of))
    return `"${shorten(of)}" should be a ref, refs/heads/main, or environment:NAME`;
  const rights = parseRights(part.slice(equals + 1).trim());
  if (typeof rights === 'string') return rights;
  return { repository, of: subjectOf(of), ...rights };
}

function subjectOf(text: string): CiRule['of'] {
  return REF.test(text)
    ? { kind: 'ref', pattern: text }
    : { kind: 'environment', pattern: text.slice('environment:'.length) };
}

const noRule = (part: string): string => `"${shorten(part)}" is not REPOSITORY@REF=ROLE`;
