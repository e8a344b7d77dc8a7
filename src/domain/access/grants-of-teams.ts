import { ALL, type Grant } from './grant.js';
import type { TeamRule } from './parse-team-rules.js';
import { type Role, VERBS_OF_ROLE } from './verb.js';

/** What members of the organization may be; `none` comes in and may do nothing. */
export const MEMBER_ROLES = ['none', 'viewer', 'deployer', 'admin'] as const;

/** One of them. */
export type MemberRole = Role | 'none';

/** Who of an organization comes in, and as what. */
export interface MemberPolicy {
  /** The team that everybody has to be in; null where each member of the organization comes in. */
  readonly requiredTeam: string | null;
  /** What every member is, without any team. */
  readonly everyMember: MemberRole;
  readonly teams: readonly TeamRule[];
}

/** What a member of these teams may do; null for one who may not come in at all. Rights of teams add up. */
export function grantsOfTeams(
  { requiredTeam, everyMember, teams }: MemberPolicy,
  memberOf: readonly string[],
): readonly Grant[] | null {
  if (requiredTeam !== null && !memberOf.includes(requiredTeam)) return null;
  const own = teams.filter(({ team }) => memberOf.includes(team)).map(grantOf);
  return everyMember === 'none' ? own : [grantOf({ role: everyMember, environments: ALL }), ...own];
}

const grantOf = ({ role, environments }: Pick<TeamRule, 'role' | 'environments'>): Grant => ({
  verbs: VERBS_OF_ROLE[role],
  apps: ALL,
  environments,
});
