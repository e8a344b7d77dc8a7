import { parseRights, type Rights, shorten } from './parse-rights.js';

/** What the members of one team are, and where. */
export interface TeamRule extends Rights {
  /** The team as it stands in its address on GitHub: small letters, digits, `-`, `_` and `.`. */
  readonly team: string;
}

/** The rules of a text; where it has a fault, no rules and the first fault. */
export interface TeamRules {
  readonly rules: readonly TeamRule[];
  /** The part that is at fault and why; null for a good text. */
  readonly fault: string | null;
}

/** A team's slug, as GitHub makes it of the team's name. */
export const TEAM = /^[a-z0-9_][a-z0-9._-]{0,99}$/;

/**
 * Reads which teams are what: `ops=admin, developers=deployer:staging|development`. Parts are separated by commas, and
 * a team may stand in more than one; a part without environments holds in all of them.
 */
export function parseTeamRules(text: string): TeamRules {
  const parts = text.split(',').map((part) => part.trim());
  const read = parts.map(readPart);
  const fault = read.find((part): part is string => typeof part === 'string');
  if (fault !== undefined) return { rules: [], fault };
  return { rules: read.filter((part): part is TeamRule => typeof part !== 'string'), fault: null };
}

/** The rule, or its fault. */
function readPart(part: string): TeamRule | string {
  const [team, rights, ...more] = part.split('=').map((each) => each.trim());
  if (team === undefined || rights === undefined || more.length > 0)
    return part === '' ? 'there is nothing between two commas' : `"${shorten(part)}" is not TEAM=ROLE`;
  if (!TEAM.test(team))
    return `"${shorten(team)}" is no team as its address on GitHub has it: small letters, digits and -`;
  const read = parseRights(rights);
  return typeof read === 'string' ? read : { team, ...read };
}
