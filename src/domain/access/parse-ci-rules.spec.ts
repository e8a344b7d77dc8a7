import { describe, expect, it } from 'vitest';
import { parseCiRules } from './parse-ci-rules.js';
import { type CiRun, rulesOfRun } from './rights-of-run.js';

describe('parseCiRules', () => {
  it('reads repositories, refs, environments and rights', () => {
    expect(
      parseCiRules('acme/*@refs/heads/main=deployer:staging|development , acme/blog@environment:production=admin'),
    ).toEqual({
      fault: null,
      rules: [
        {
          repository: 'acme/*',
          of: { kind: 'ref', pattern: 'refs/heads/main' },
          ...{ role: 'deployer', environments: ['staging', 'development'] },
        },
        {
          repository: 'acme/blog',
          of: { kind: 'environment', pattern: 'production' },
          role: 'admin',
          environments: '*',
        },
      ],
    });
  });

  it('takes the first @ and the last = for its own: refs may hold both', () => {
    const [rule] = parseCiRules('acme/blog@refs/heads/a=b@c=viewer').rules;
    expect(rule).toMatchObject({ repository: 'acme/blog', of: { pattern: 'refs/heads/a=b@c' }, role: 'viewer' });
  });

  it.each([
    ['', 'nothing between two commas'],
    ['acme/blog@refs/heads/main=viewer,', 'nothing between two commas'],
    ['acme/blog=viewer', 'is not REPOSITORY@REF=ROLE'],
    ['acme/blog@refs/heads/main', 'is not REPOSITORY@REF=ROLE'],
    ['*/*@refs/heads/main=viewer', 'is no repository'],
    ['*@refs/heads/main=viewer', 'is no repository'],
    ['ac*/blog@refs/heads/main=viewer', 'is no repository'],
    ['acme@refs/heads/main=viewer', 'is no repository'],
    ['acme/blog@main=viewer', 'should be a ref'],
    ['acme/blog@*=viewer', 'should be a ref'],
    ['acme/blog@environment:=viewer', 'should be a ref'],
    ['acme/blog@refs/heads/main=owner', 'one of the roles viewer, deployer, admin'],
    ['acme/blog@refs/heads/main=deployer:Staging', 'no name of an environment'],
    ['acme/blog@refs/heads/main=deployer:', 'no name of an environment'],
  ])('refuses %j whole', (text, fault) =>
    expect(parseCiRules(text)).toEqual({ rules: [], fault: expect.stringContaining(fault) }),
  );
});

describe('rulesOfRun', () => {
  const RUN: CiRun = { repository: 'acme/blog', ref: 'refs/heads/main', environment: null };
  const isUnder = (rule: string, change: Partial<CiRun> = {}) =>
    rulesOfRun(parseCiRules(`${rule}=viewer`).rules, { ...RUN, ...change }).length === 1;

  it.each([
    ['acme/blog@refs/heads/main', {}, true],
    ['acme/blog@refs/heads/main', { repository: 'Acme/Blog' }, true],
    ['acme/blog@refs/heads/main', { repository: 'acme/blog2' }, false],
    ['acme/blog@refs/heads/main', { repository: 'evil/acme/blog' }, false],
    ['acme/blog@refs/heads/main', { ref: 'refs/heads/Main' }, false],
    ['acme/blog@refs/heads/main', { ref: 'refs/heads/main2' }, false],
    ['acme/blog@refs/heads/main', { ref: 'refs/tags/main' }, false],
    ['acme/*@refs/heads/main', {}, true],
    ['acme/*@refs/heads/main', { repository: 'acme2/blog' }, false],
    ['acme/b*g@refs/heads/main', {}, true],
    ['acme/b*g@refs/heads/main', { repository: 'acme/b' }, false],
    ['acme/*@refs/heads/release/*', { ref: 'refs/heads/release/1' }, true],
    ['acme/*@refs/heads/release/*', { ref: 'refs/pull/release/1' }, false],
    ['acme/*@refs/*/v*-*-rc', { ref: 'refs/tags/v1-2-rc' }, true],
    ['acme/*@refs/*/v*-*-rc', { ref: 'refs/tags/v1-rc' }, false],
    ['acme/blog@environment:production', { environment: 'production' }, true],
    ['acme/blog@environment:production', { environment: 'staging' }, false],
    ['acme/blog@environment:production', { environment: null }, false],
    ['acme/blog@environment:*', { environment: null }, false],
    ['acme/blog@refs/heads/main', { ref: 'refs/heads/x', environment: 'refs/heads/main' }, false],
  ] as const)('%s for %j: %s', (rule, change, expected) => expect(isUnder(rule, change)).toBe(expected));

  it('is quick for a pattern of many stars', () => {
    const ref = `refs/${'a'.repeat(200)}`;
    expect(isUnder(`acme/blog@refs/${'*a'.repeat(100)}b`, { ref })).toBe(false);
  });
});
