import { describe, expect, it } from 'vitest';
import { memberPolicyOf } from './member-policy.js';

describe('memberPolicyOf', () => {
  it('lets every member do everything where nothing is said', () => {
    expect(memberPolicyOf({})).toEqual({ requiredTeam: null, everyMember: 'admin', teams: [] });
  });

  it('lets members only see once teams have roles', () => {
    expect(memberPolicyOf({ ACCESS_TEAMS: 'ops=admin' })).toEqual({
      requiredTeam: null,
      everyMember: 'viewer',
      teams: [{ team: 'ops', role: 'admin', environments: '*' }],
    });
  });

  it('does as it is told', () => {
    const settings = { GITHUB_TEAM: 'staff', ACCESS_TEAMS: 'ops=admin', ACCESS_MEMBERS: 'none' } as const;
    expect(memberPolicyOf(settings)).toMatchObject({ requiredTeam: 'staff', everyMember: 'none' });
    expect(memberPolicyOf({ ACCESS_MEMBERS: 'deployer' }).everyMember).toBe('deployer');
  });
});
