import { describe, expect, it } from 'vitest';
import { type HostStand, type HostWord, isSameStand, standAfter } from './host-word.js';

const NOW = new Date(2_000);
const BEFORE = new Date(1_000);
const ACTIVE: HostStand = { cordoned: false, reason: null, drainRequestedAt: null };
const CORDONED: HostStand = { cordoned: true, reason: 'disk', drainRequestedAt: null };
const DRAINING: HostStand = { cordoned: true, reason: 'disk', drainRequestedAt: BEFORE };

describe('standAfter', () => {
  it.each<[HostStand, HostWord, HostStand]>([
    [ACTIVE, { cordoned: true, reason: 'disk' }, CORDONED],
    [ACTIVE, { drain: true, reason: 'disk' }, { ...DRAINING, drainRequestedAt: NOW }],
    [ACTIVE, { drain: false }, ACTIVE],
    [CORDONED, { drain: true }, { ...DRAINING, drainRequestedAt: NOW }],
    [CORDONED, { cordoned: false, reason: 'forgotten' }, ACTIVE],
    [CORDONED, { reason: null }, { ...CORDONED, reason: null }],
    [DRAINING, { drain: true }, DRAINING],
    [DRAINING, { cordoned: true }, DRAINING],
    [DRAINING, { drain: false }, CORDONED],
    [DRAINING, { drain: false, cordoned: false }, ACTIVE],
    [DRAINING, { cordoned: false }, ACTIVE],
    [DRAINING, {}, DRAINING],
  ])('of %j and %j', (before, word, after) => {
    const stand = standAfter(before, word, NOW);
    expect(stand).toEqual(after);
    expect(isSameStand(standAfter(stand, word, new Date(3_000)), stand)).toBe(true);
  });

  it('tells one stand from another', () => {
    expect(isSameStand(CORDONED, DRAINING)).toBe(false);
    expect(isSameStand(CORDONED, { ...CORDONED, reason: null })).toBe(false);
    expect(isSameStand(DRAINING, { ...DRAINING, drainRequestedAt: new Date(1_000) })).toBe(true);
  });
});
