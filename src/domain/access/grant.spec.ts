import { describe, expect, it } from 'vitest';
import { allows, allowsSomewhere, EVERYWHERE, type Grant } from './grant.js';
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
