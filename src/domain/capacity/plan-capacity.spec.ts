import { describe, expect, it } from 'vitest';
import { pool, poolHost, PROMPT, resident, residents, waiting } from '../../../test/factories/pools.js';
import { planCapacity } from './plan-capacity.js';

const full = (name: string) => poolHost(name, { instances: residents(name, 4) });
const holding = (name: string, count: number) => poolHost(name, { instances: residents(name, count) });
const PATIENT = { ...PROMPT, scaleInAfterSeconds: 600, coolDownSeconds: 120 };

describe('planCapacity, more hosts', () => {
  it('starts as many as what waits needs, and says why with figures', () => {
    const decision = planCapacity(pool([full('h1')], { waiting: [waiting({ count: 5 })] }));
    expect(decision).toMatchObject({ desired: 3, cause: 'demand', leave: [], stay: [], beyondMax: 0 });
    expect(decision.reason).toBe(
      '5 instances (2560 MB and 2.5 CPUs) of deploy 7 of shop have no room on 1 host: 2 hosts more are started.',
    );
  });

  it('says whose it is that has no room, each once', () => {
    const leaving = poolHost('h2', { role: 'leaving', instances: residents('h2', 2) });
    const decision = planCapacity(pool([full('h1'), leaving], { waiting: [waiting({ who: 'web of blog' })] }));
    expect(decision.reason).toMatch(/^3 instances \(.+\) of web of blog, web on h2 have no room on 1 host:/);
    const only = pool([full('h1')], { waiting: [waiting()] });
    expect(planCapacity(only).reason).toMatch(/^1 instance \(.+\) of deploy 7 of shop has no room/);
  });

  it('counts on hosts that are on their way', () => {
    const coming = poolHost('i-1', { role: 'coming', host: null, capacity: null });
    expect(planCapacity(pool([full('h1'), coming], { waiting: [waiting({ count: 4 })] }))).toMatchObject({
      desired: 2,
      cause: null,
    });
  });

  it('counts on hosts that are desired and not launched yet', () => {
    expect(planCapacity(pool([full('h1')], { desired: 2, waiting: [waiting({ count: 4 })] })).desired).toBe(2);
  });

  it('keeps head-room free, in sum', () => {
    const decision = planCapacity(pool([full('h1')], { policy: { ...PROMPT, headRoomPercent: 10 } }));
    expect(decision).toMatchObject({ desired: 2, cause: 'demand' });
    expect(decision.reason).toContain('less head-room than 10 %: 1 host more is started');
  });

  it('stops at the limit, and says who stays without room', () => {
    const policy = { ...PROMPT, max: 2 };
    const decision = planCapacity(pool([full('h1')], { policy, waiting: [waiting({ count: 5 })] }));
    expect(decision).toMatchObject({ desired: 2, beyondMax: 1 });
    expect(decision.reason).toContain('1 instance stays without room, because at most 2 hosts are allowed');
  });

  it('takes a leaving host back before it starts another', () => {
    const leaving = poolHost('h2', { role: 'leaving', mayStay: true, instances: residents('h2', 1) });
    const decision = planCapacity(pool([full('h1'), leaving], { waiting: [waiting({ count: 2 })] }));
    expect(decision).toMatchObject({ desired: 2, stay: ['h2'], cause: 'demand' });
    expect(decision.reason).toContain('h2 stays after all');
  });

  it('starts another for one whose machine is taken back', () => {
    const leaving = poolHost('h2', { role: 'leaving', mayStay: false, instances: residents('h2', 1) });
    expect(planCapacity(pool([full('h1'), leaving]))).toMatchObject({ desired: 2, stay: [] });
  });

  it('says that a lost host is why', () => {
    const lost = poolHost('h2', { role: 'lost', instances: residents('h2', 4) });
    expect(planCapacity(pool([full('h1'), lost]))).toMatchObject({ desired: 2, cause: 'host_lost' });
    expect(planCapacity(pool([full('h1'), lost], { desired: 2 }))).toMatchObject({ desired: 2, cause: null });
  });

  it('lets what goes by itself need no room elsewhere, and no head-room', () => {
    const leaving = poolHost('h2', { role: 'leaving', instances: residents('h2', 4, { goes: true }) });
    expect(planCapacity(pool([full('h1'), leaving])).desired).toBe(1);
  });

  it('tells what fits no host, not even an empty one, and starts none for it', () => {
    const big = waiting({ each: { memoryMb: 4096, cpus: 1 }, count: 2 });
    const decision = planCapacity(pool([full('h1')], { waiting: [big] }));
    expect(decision.desired).toBe(1);
    expect(decision.never).toEqual([
      {
        ...{ who: 'deploy 7 of shop', worker: 'web', each: big.each, count: 2 },
        because: 'needs 4096 MB, and the biggest host has 2048 MB',
      },
    ]);
  });

  it('starts one host to learn what a host offers, and waits for it', () => {
    const first = planCapacity(pool([], { offer: null, waiting: [waiting({ count: 9 })] }));
    expect(first).toMatchObject({ desired: 1 });
    const coming = poolHost('i-1', { role: 'coming', host: null, capacity: null });
    expect(planCapacity(pool([coming], { offer: null, waiting: [waiting({ count: 9 })] })).desired).toBe(1);
    expect(planCapacity(pool([poolHost('h1')], { offer: null, waiting: [waiting({ count: 9 })] })).desired).toBe(3);
  });
});

describe('planCapacity, fewer hosts', () => {
  const spare = [holding('h1', 2), holding('h2', 1), holding('h3', 2)];

  it('lets the cheapest to empty leave', () => {
    const decision = planCapacity(pool(spare));
    expect(decision).toMatchObject({ desired: 2, cause: 'surplus', leave: ['h2'] });
    expect(decision.reason).toContain('h2 leaves, 1 instance to move');
  });

  it('waits until fewer have been enough for long enough, and says until when', () => {
    const first = pool(spare, { policy: PATIENT });
    const decision = planCapacity(first);
    expect(decision).toMatchObject({ desired: 3, cause: null, leave: [], surplusSince: first.now });
    expect(decision.lookAgainAt).toBe(first.now + 600_000);
    const next = { ...first, surplusSince: first.now };
    expect(planCapacity({ ...next, now: first.now + 599_999 }).leave).toEqual([]);
    expect(planCapacity({ ...next, now: first.now + 600_000 }).leave).toEqual(['h2']);
  });

  it('begins to wait anew when more was needed meanwhile', () => {
    const busy = pool(spare, { policy: PATIENT, surplusSince: 1, waiting: [waiting({ count: 7 })] });
    expect(planCapacity(busy).surplusSince).toBeNull();
  });

  it('lets none leave until the last change has cooled down', () => {
    const given = pool(spare, { policy: { ...PROMPT, coolDownSeconds: 120 } });
    const warm = { ...given, scaledAt: given.now - 119_000 };
    expect(planCapacity(warm)).toMatchObject({ leave: [], lookAgainAt: given.now + 1_000 });
    expect(planCapacity({ ...given, scaledAt: given.now - 120_000 }).leave).toEqual(['h2']);
  });

  it('never lets one leave that runs what may not move, or that is held', () => {
    const bound = poolHost('h2', { instances: [resident('h2-0', { mayMove: false })] });
    const held = poolHost('h2', { staysBecause: 'its machine is a person’s', instances: residents('h2', 1) });
    for (const host of [bound, held]) expect(planCapacity(pool([holding('h1', 2), host])).leave).toEqual(['h1']);
    const both = [poolHost('h1', { instances: [resident('h1-0', { mayMove: false })] }), bound];
    expect(planCapacity(pool(both))).toMatchObject({ desired: 2, leave: [] });
  });

  it('keeps a worker on two hosts that is on two', () => {
    const web = (host: string) => poolHost(host, { instances: [resident(`${host}-web`, { group: 'blog/web' })] });
    expect(planCapacity(pool([web('h1'), web('h2')]))).toMatchObject({ desired: 2, leave: [] });
    expect(planCapacity(pool([web('h1'), web('h2'), holding('h3', 0)])).leave).toEqual(['h3']);
  });

  it('passes over a host whose instance fits nowhere else', () => {
    const big = { resources: { memoryMb: 1536, cpus: 1.5 } };
    const hosts = [poolHost('h1', { instances: residents('h1', 1, big) }), holding('h2', 2), holding('h3', 2)];
    expect(planCapacity(pool(hosts)).leave).toEqual(['h2']);
  });

  it('lets one in ten leave at once, at least one', () => {
    const hosts = Array.from({ length: 30 }, (_, at) => holding(`h${String(at).padStart(2, '0')}`, 1));
    expect(planCapacity(pool(hosts, { policy: { ...PROMPT, max: 30 } })).leave).toEqual(['h00', 'h01', 'h02']);
  });

  it('keeps one host for a pool that does not scale to zero, and none for one that does', () => {
    expect(planCapacity(pool([poolHost('h1')]))).toMatchObject({ desired: 1, leave: [] });
    const policy = { ...PROMPT, scaleToZero: true };
    expect(planCapacity(pool([poolHost('h1')], { policy }))).toMatchObject({ desired: 0, leave: ['h1'] });
    expect(planCapacity(pool([holding('h1', 1)], { policy })).desired).toBe(1);
    expect(planCapacity(pool([], { policy }))).toMatchObject({ desired: 0, cause: null });
    expect(planCapacity(pool([], { policy, waiting: [waiting()] })).desired).toBe(1);
  });

  it('lets the cheapest leave at once where somebody desires fewer than there are', () => {
    const hosts = [holding('h1', 2), holding('h2', 1), holding('h3', 0)];
    const decision = planCapacity(pool(hosts, { desired: 1, policy: PATIENT }));
    expect(decision).toMatchObject({ desired: 1, cause: null, leave: ['h3', 'h2'] });
  });

  it('takes a count back that is too small for what runs', () => {
    const decision = planCapacity(pool([full('h1'), full('h2')], { desired: 1 }));
    expect(decision).toMatchObject({ desired: 2, cause: 'demand', leave: [] });
    expect(decision.reason).toBe('There are 2 hosts, and 1 host is desired; 1 host more cannot be spared.');
  });
});

describe('planCapacity, limits', () => {
  it('brings a count inside of them', () => {
    const policy = { ...PROMPT, min: 2, max: 4 };
    expect(planCapacity(pool([full('h1')], { policy }))).toMatchObject({ desired: 2, cause: 'limits' });
    expect(planCapacity(pool([], { desired: 9, policy }))).toMatchObject({ desired: 4, cause: 'limits' });
  });

  it('has hosts leave that are too many, without delay, as far as they can be emptied', () => {
    const policy = { ...PATIENT, max: 1 };
    const decision = planCapacity(pool([full('h1'), poolHost('h2'), full('h3')], { policy }));
    expect(decision).toMatchObject({ desired: 1, cause: 'limits', leave: ['h2'] });
    expect(decision.reason).toContain('at most 1 is allowed');
  });

  it('says how it stands where nothing changes', () => {
    const decision = planCapacity(pool([full('h1')]));
    expect(decision).toMatchObject({ desired: 1, cause: null, lookAgainAt: null });
    expect(decision.reason).toBe(
      '1 host is as many as are wanted: 2048 MB and 2 CPUs of 2048 MB and 2 CPUs are reserved, head-room of 0 % kept.',
    );
  });
});
