import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allows, EVERYWHERE } from './grant.js';
import { grantsOfTeams, MEMBER_ROLES, type MemberPolicy } from './grants-of-teams.js';
import { parseTeamRules } from './parse-team-rules.js';
import { VERBS } from './verb.js';

const { rules: TEAMS } = parseTeamRules(
  'ops=admin, developers=deployer:staging|development, release=deployer:production',
);

const POLICY: MemberPolicy = { requiredTeam: null, everyMember: 'viewer', teams: TEAMS };

const at = (environment: string) => ({ app: '1', environment });

describe('grantsOfTeams', () => {
  it.each([
    { teams: [], verb: 'read', environment: 'production', expected: true },
    { teams: [], verb: 'deploy', environment: 'staging', expected: false },
    { teams: ['developers'], verb: 'deploy', environment: 'staging', expected: true },
    { teams: ['developers'], verb: 'deploy', environment: 'production', expected: false },
    { teams: ['developers'], verb: 'manage', environment: 'staging', expected: false },
    { teams: ['release'], verb: 'deploy', environment: 'production', expected: true },
    { teams: ['release'], verb: 'deploy', environment: 'staging', expected: false },
    { teams: ['developers', 'release'], verb: 'deploy', environment: 'production', expected: true },
    { teams: ['ops'], verb: 'admin', environment: 'production', expected: true },
    { teams: ['strangers'], verb: 'deploy', environment: 'staging', expected: false },
    { teams: ['Ops'], verb: 'admin', environment: 'production', expected: false },
  ] as const)('of $teams: $verb in $environment $expected', ({ teams, verb, environment, expected }) => {
    expect(allows(grantsOfTeams(POLICY, teams) ?? [], verb, at(environment))).toBe(expected);
  });

  it('lets nobody in who is not in the team that is required', () => {
    const policy = { ...POLICY, requiredTeam: 'staff' };
    expect(grantsOfTeams(policy, ['ops'])).toBeNull();
    expect(grantsOfTeams(policy, [])).toBeNull();
    expect(allows(grantsOfTeams(policy, ['ops', 'staff']) ?? [], 'admin', EVERYWHERE)).toBe(true);
  });

  it('lets members without a team in to do nothing, where every member is none', () => {
    expect(grantsOfTeams({ ...POLICY, everyMember: 'none' }, [])).toEqual([]);
  });

  it('gives every member everything where it is said', () => {
    const grants = grantsOfTeams({ ...POLICY, everyMember: 'admin', teams: [] }, []) ?? [];
    for (const verb of VERBS) expect(allows(grants, verb, EVERYWHERE)).toBe(true);
  });

  it('never takes a right away by one more team', () => {
    const teams = fc.subarray(['ops', 'developers', 'release', 'others']);
    const places = fc.constantFrom(EVERYWHERE, at('staging'), at('production'), { app: '1', environment: null });
    const policies = fc.constantFrom(...MEMBER_ROLES).map((everyMember) => ({ ...POLICY, everyMember }));
    fc.assert(
      fc.property(
        fc.record({ some: teams, more: teams, place: places, policy: policies }),
        ({ some, more, place, policy }) => {
          const before = grantsOfTeams(policy, some) ?? [];
          const after = grantsOfTeams(policy, [...some, ...more]) ?? [];
          for (const verb of VERBS) expect(!allows(before, verb, place) || allows(after, verb, place)).toBe(true);
        },
      ),
    );
  });
});
