import { describe, expect, it } from 'vitest';
import { hostKindOf } from './host-changes.js';
import type { HostStand } from './host-word.js';

const FREE: HostStand = { cordoned: false, reason: null, drainRequestedAt: null };
const CORDONED: HostStand = { ...FREE, cordoned: true };
const DRAINING: HostStand = { ...CORDONED, drainRequestedAt: new Date(0) };

describe('what is told of a host', () => {
  it.each([
    { of: 'a cordon', before: undefined, after: CORDONED, kind: 'host.cordoned' },
    { of: 'an emptying', before: FREE, after: DRAINING, kind: 'host.draining' },
    { of: 'an emptying of a cordoned one', before: CORDONED, after: DRAINING, kind: 'host.draining' },
    { of: 'an emptying that is taken back', before: DRAINING, after: CORDONED, kind: 'host.cordoned' },
    { of: 'the end of it all', before: DRAINING, after: FREE, kind: 'host.uncordoned' },
    { of: 'another reason', before: CORDONED, after: { ...CORDONED, reason: 'a look' }, kind: null },
    { of: 'a first word that changes nothing', before: undefined, after: FREE, kind: null },
  ])('by $of is $kind', ({ before, after, kind }) => expect(hostKindOf(before, after)).toBe(kind));
});
