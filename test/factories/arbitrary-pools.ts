import fc from 'fast-check';
import type {
  CapacityHost,
  CapacityInstance,
  CapacitySnapshot,
  WaitingRoom,
} from '../../src/domain/capacity/capacity.js';
import { OFFER, pool, poolHost, PROMPT, resident, waiting } from './pools.js';

const SIZES = [
  { memoryMb: 128, cpus: 0.1 },
  { memoryMb: 256, cpus: 0.5 },
  { memoryMb: 512, cpus: 0.2 },
  { memoryMb: 1024, cpus: 1 },
];
const GROUPS = ['blog/web', 'blog/jobs', 'shop/web', 'shop/jobs'];

const instances: fc.Arbitrary<CapacityInstance[]> = fc
  .array(
    fc.record({
      resources: fc.constantFrom(...SIZES),
      group: fc.constantFrom(...GROUPS),
      mayMove: fc.boolean().map((often) => often),
      goes: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map((drafts) =>
    withinHost(drafts.map((draft, at) => resident(String(at), { ...draft, mayMove: draft.mayMove || at > 0 }))),
  );

/** A host never holds more than it has: what would be too much is left out. */
function withinHost(all: readonly CapacityInstance[]): CapacityInstance[] {
  const kept: CapacityInstance[] = [];
  for (const each of all) {
    const memoryMb = [...kept, each].reduce((sum, { resources }) => sum + resources.memoryMb, 0);
    const cpus = [...kept, each].reduce((sum, { resources }) => sum + resources.cpus, 0);
    if (memoryMb <= OFFER.memoryMb && cpus <= OFFER.cpus - 0.000_1) kept.push(each);
  }
  return kept;
}

const hosts: fc.Arbitrary<CapacityHost[]> = fc
  .array(
    fc.record({
      role: fc.constantFrom('serves', 'serves', 'serves', 'serves', 'cordoned', 'coming', 'leaving', 'lost'),
      instances,
      stays: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
      mayStay: fc.boolean(),
    }),
    { maxLength: 12 },
  )
  .map((drafts) =>
    drafts.map(({ role, stays, mayStay, ...draft }, at) => {
      const name = `h${String(at).padStart(2, '0')}`;
      const staysBecause = stays ? 'somebody is logged in' : null;
      if (role === 'coming') return poolHost(name, { role, host: null, capacity: null });
      const own = draft.instances.map((each) => ({ ...each, key: `${name}-${each.key}` }));
      return poolHost(name, { role, staysBecause, mayStay: mayStay && role === 'leaving', instances: own });
    }),
  );

/** What waits: sizes that an empty host takes. */
export const waitingRooms: fc.Arbitrary<WaitingRoom[]> = fc
  .array(
    fc.record({
      each: fc.constantFrom(...SIZES),
      group: fc.constantFrom(...GROUPS),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 3 },
  )
  .map((drafts) => drafts.map((draft, at) => waiting({ ...draft, who: `deploy ${at} of shop` })));

const policies = fc
  .record({
    min: fc.integer({ min: 0, max: 6 }),
    over: fc.integer({ min: 0, max: 30 }),
    headRoomPercent: fc.constantFrom(0, 10, 50),
    scaleInAfterSeconds: fc.constantFrom(0, 300, 600),
    coolDownSeconds: fc.constantFrom(0, 120),
    scaleToZero: fc.boolean(),
  })
  .map(({ over, ...policy }) => ({ ...PROMPT, ...policy, max: policy.min + over }));

/** Pools of up to a dozen hosts in every role, and what waits for room in them. */
export const pools: fc.Arbitrary<CapacitySnapshot> = fc
  .record({
    hosts,
    waiting: waitingRooms,
    policy: policies,
    desired: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined, freq: 3 }),
    surplusFor: fc.option(fc.integer({ min: 0, max: 900 })),
    scaledFor: fc.option(fc.integer({ min: 0, max: 300 })),
  })
  .map(({ hosts: all, desired, surplusFor, scaledFor, ...given }) => {
    const plain = pool(all, given);
    return {
      ...plain,
      desired: desired ?? plain.desired,
      surplusSince: surplusFor === null ? null : plain.now - surplusFor * 1000,
      scaledAt: scaledFor === null ? null : plain.now - scaledFor * 1000,
    };
  });
