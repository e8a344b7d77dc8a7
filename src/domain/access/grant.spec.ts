import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allows, allowsSomewhere, EVERYWHERE, type Grant, mayGive, seesApp, seesEverything } from './grant.js';
import { UNLIMITED } from './caller.js';
import { VERBS, VERBS_OF_ROLE } from './verb.js';

const STAGING: Grant = { verbs: VERBS_OF_ROLE.deployer, apps: '*', environments: ['staging'] };
const ONE_APP: Grant = { verbs: ['deploy'], apps: ['7'], environments: '*' };

describe('allows', () => {
  it.each(VERBS)('%s everywhere to whom nothing limits, and nothing without a grant', (verb) => {
    expect(allows(UNLIMITED, verb, EVERYWHERE)).toBe(true);
    expect(allows([], verb, EVERYWHERE)).toBe(false);
  });

  it.each([
    ['deploy', { app: '1', environment: 'staging' }, true],
    ['deploy', { app: '1', environment: 'production' }, false],
    ['deploy', { app: '1', environment: null }, false],
    ['build', { app: '1', environment: null }, true],
    ['read', { app: '1', environment: null }, true],
    ['read', { app: '1', environment: 'production' }, false],
    ['manage', { app: '1', environment: 'staging' }, false],
  ] as const)('%s at %j for a deployer of staging: %s', (verb, place, expected) => {
    expect(allows([STAGING], verb, place)).toBe(expected);
  });

  it.each([
    ['deploy', { app: '7', environment: 'production' }, true],
    ['deploy', { app: '8', environment: 'production' }, false],
    ['read', { app: '7', environment: 'production' }, true],
    ['read', EVERYWHERE, false],
    ['scale', { app: '7', environment: 'production' }, false],
  ] as const)('%s at %j for who deploys one app: %s', (verb, place, expected) => {
    expect(allows([ONE_APP], verb, place)).toBe(expected);
  });

  it('never puts two grants together to make a third', () => {
    const place = { app: '8', environment: 'production' };
    expect(allows([STAGING, ONE_APP], 'deploy', place)).toBe(false);
  });
});

describe('allowsSomewhere', () => {
  it('looks at verbs alone, and reading comes with each', () => {
    expect(allowsSomewhere([ONE_APP], 'deploy')).toBe(true);
    expect(allowsSomewhere([ONE_APP], 'read')).toBe(true);
    expect(allowsSomewhere([ONE_APP], 'scale')).toBe(false);
    expect(allowsSomewhere([{ ...ONE_APP, verbs: [] }], 'read')).toBe(false);
  });
});

describe('what concerns everything', () => {
  it('is read by nobody whom an environment or an app limits', () => {
    expect(seesEverything(UNLIMITED)).toBe(true);
    expect(seesEverything([{ verbs: ['read'], apps: '*', environments: '*' }])).toBe(true);
    expect(seesEverything([STAGING])).toBe(false);
    expect(seesEverything([ONE_APP])).toBe(false);
    expect(allows([STAGING], 'read', EVERYWHERE)).toBe(false);
  });
});

describe('seesApp', () => {
  it('wants any right to the app, in any environment', () => {
    expect(seesApp([STAGING], '9')).toBe(true);
    expect(seesApp([ONE_APP], '7')).toBe(true);
    expect(seesApp([ONE_APP], '8')).toBe(false);
    expect(seesApp([{ ...ONE_APP, verbs: [] }], '7')).toBe(false);
  });
});

describe('mayGive', () => {
  const READER: Grant = { verbs: ['read'], apps: ['7'], environments: ['staging'] };

  it.each([
    ['all that one has', [STAGING], STAGING, true],
    ['less', [STAGING], { ...STAGING, verbs: ['deploy'], apps: ['7', '8'] }, true],
    ['everything, of everything', UNLIMITED, UNLIMITED[0] as Grant, true],
    ['reading, which comes with any right', [ONE_APP], { ...ONE_APP, verbs: ['read'] }, true],
    ['another verb', [STAGING], { ...STAGING, verbs: ['manage'] }, false],
    ['another environment', [STAGING], { ...STAGING, environments: ['staging', 'production'] }, false],
    ['every environment', [STAGING], { ...STAGING, environments: '*' }, false],
    ['another app', [ONE_APP], { ...ONE_APP, apps: ['7', '8'] }, false],
    ['every app', [ONE_APP], { ...ONE_APP, apps: '*' }, false],
    ['reading in every environment, of one', [READER], { ...READER, environments: '*' }, false],
    ['building in every environment, of one', [STAGING], { ...STAGING, verbs: ['build'], environments: '*' }, false],
    ['anything, of nothing', [], READER, false],
  ] as const)('%s', (...[, grants, given, expected]) => expect(mayGive(grants, given)).toBe(expected));

  it('takes each place from any of one’s grants, whole', () => {
    const both: Grant = { verbs: ['deploy'], apps: ['7'], environments: ['staging', 'production'] };
    const each = both.environments as readonly string[];
    expect(
      mayGive(
        each.map((name) => ({ ...both, environments: [name] })),
        both,
      ),
    ).toBe(true);
  });
});

describe('whatever is given', () => {
  const [apps, environments] = [
    ['1', '2'],
    ['staging', 'production'],
  ];
  const someOf = (all: readonly string[]) => fc.oneof(fc.constant('*' as const), fc.subarray([...all]));
  const grant = fc.record({
    verbs: fc.subarray([...VERBS]),
    apps: someOf(apps),
    environments: someOf(environments),
  });
  const places = [null, ...apps, 'later'].flatMap((app) =>
    [null, ...environments, 'later'].map((environment) => ({ app, environment })),
  );

  it('allows nothing, anywhere, that its giver may not do', () => {
    fc.assert(
      fc.property(fc.array(grant, { maxLength: 3 }), grant, (own, given) => {
        fc.pre(mayGive(own, given));
        for (const verb of VERBS)
          for (const place of places) if (allows([given], verb, place)) expect(allows(own, verb, place)).toBe(true);
      }),
    );
  });

  it('is never refused to whom nothing limits', () => {
    fc.assert(fc.property(grant, (given) => void expect(mayGive(UNLIMITED, given)).toBe(true)));
  });
});
