import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTeamRules, type TeamRule } from './parse-team-rules.js';
import { ROLES } from './verb.js';

const TEAMS = fc.stringMatching(/^[a-z0-9_][a-z0-9._-]{0,20}$/);

const ENVIRONMENTS = fc.oneof(
  fc.constant('*' as const),
  fc.array(fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/), { minLength: 1, maxLength: 3 }),
);

const RULES: fc.Arbitrary<TeamRule> = fc.record({
  team: TEAMS,
  role: fc.constantFrom(...ROLES),
  environments: ENVIRONMENTS,
});

const SPACE = fc.constantFrom('', ' ', '  ');

const written = ({ team, role, environments }: TeamRule, space: string): string =>
  `${team}${space}=${space}${role}${environments === '*' ? '' : `:${space}${environments.join(`${space}|`)}`}`;

describe('parseTeamRules', () => {
  it('reads teams, roles and environments', () => {
    expect(parseTeamRules('ops=admin, developers=deployer:staging|development, release=deployer:production')).toEqual({
      fault: null,
      rules: [
        { team: 'ops', role: 'admin', environments: '*' },
        { team: 'developers', role: 'deployer', environments: ['staging', 'development'] },
        { team: 'release', role: 'deployer', environments: ['production'] },
      ],
    });
  });

  it('reads back whatever rules are written, with spaces or without', () => {
    fc.assert(
      fc.property(fc.array(RULES, { minLength: 1, maxLength: 6 }), SPACE, (rules, space) => {
        const text = rules.map((rule) => written(rule, space)).join(`${space},${space}`);
        expect(parseTeamRules(text)).toEqual({ rules, fault: null });
      }),
    );
  });

  it.each([
    ['', 'nothing between two commas'],
    ['ops=admin,', 'nothing between two commas'],
    ['ops=admin,,dev=viewer', 'nothing between two commas'],
    ['ops', '"ops" is not TEAM=ROLE'],
    ['ops=admin dev=viewer', '"ops=admin dev=viewer" is not TEAM=ROLE'],
    ['=admin', '"" is no team'],
    ['Ops Team=admin', '"Ops Team" is no team'],
    ['ops=root', '"root" should be one of the roles viewer, deployer, admin'],
    ['ops=none', '"none" should be one of the roles'],
    ['ops=Admin', '"Admin" should be one of the roles'],
    ['ops=', '"" should be one of the roles'],
    ['ops=toString', '"toString" should be one of the roles'],
    ['ops=deployer:staging:production', 'should be one of the roles'],
    ['ops=deployer:', '"" is no name of an environment'],
    ['ops=deployer:staging|', '"" is no name of an environment'],
    ['ops=deployer:Staging', '"Staging" is no name of an environment'],
    ['ops=deployer:*', '"*" is no name of an environment'],
    [`ops=deployer:${'x'.repeat(31)}`, 'is no name of an environment'],
  ])('has no rule of %j, and names the fault', (text, fault) => {
    const read = parseTeamRules(text);
    expect(read.rules).toEqual([]);
    expect(read.fault).toContain(fault);
  });

  it('gives rules or one short line that says the fault, never both, for any text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const { rules, fault } = parseTeamRules(text);
        expect(rules.length === 0).toBe(fault !== null);
        expect((fault ?? '').length).toBeLessThan(200);
      }),
    );
  });
});
