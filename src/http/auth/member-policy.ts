import type { AccessSettings } from '../../config/access-settings.js';
import type { MemberPolicy } from '../../domain/access/grants-of-teams.js';
import { parseTeamRules } from '../../domain/access/parse-team-rules.js';

/** For whom the organization opens. Where no team was given a role, each member may do everything, as it used to be. */
export function memberPolicyOf(
  settings: Pick<AccessSettings, 'GITHUB_TEAM' | 'ACCESS_TEAMS' | 'ACCESS_MEMBERS'>,
): MemberPolicy {
  const { GITHUB_TEAM: requiredTeam = null, ACCESS_TEAMS: teams, ACCESS_MEMBERS: everyMember } = settings;
  return {
    requiredTeam,
    everyMember: everyMember ?? (teams === undefined ? 'admin' : 'viewer'),
    teams: teams === undefined ? [] : parseTeamRules(teams).rules,
  };
}
