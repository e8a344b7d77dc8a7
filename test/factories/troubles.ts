import type { Chance } from './chance.js';
import type { ToyContainer } from './toy-container.js';
import type { ToyHost } from './toy-host.js';
import type { World } from './world.js';

/** Something that happens to a world from outside. */
export type Trouble = (world: World) => void;

const oneOf = <T>(chance: Chance, items: readonly T[]): T | undefined => items[chance.upTo(items.length)];

const onHost = (change: (host: ToyHost, world: World) => void): Trouble => {
  return (world) => {
    const host = oneOf(world.chance, [...world.hosts.values()]);
    if (host !== undefined) change(host, world);
  };
};

const onContainer = (change: (each: ToyContainer, world: World) => void): Trouble => {
  return (world) => {
    const each = oneOf(world.chance, world.living());
    if (each !== undefined) change(each, world);
  };
};

/** Its Docker falls silent, Consul notices or not, or its machine is gone for good; another time it comes back. */
const stirHost: Trouble = onHost((host, world) => {
  const next = oneOf(world.chance, ['silent', 'lost', 'forgotten', 'well', 'well'] as const) ?? 'well';
  if (next === 'well') return comeBack(host, world);
  host.standing = next;
  if (next === 'forgotten') world.writtenOff.add(host.name);
  host.lostSince = next === 'silent' ? null : (host.lostSince ?? world.now);
});

/** A host comes back with its containers, or rebooted and without them. */
export function comeBack(host: ToyHost, world: World): void {
  const rebooted = host.standing !== 'well' && world.chance.in(50);
  Object.assign(host, { standing: 'well', lostSince: null });
  for (const each of world.living())
    if (rebooted && each.instance.host === host.name) Object.assign(each, { container: 'absent', entry: 'none' });
}

/** Drains a host, or takes that back; one is left that takes instances. */
const drain: Trouble = onHost((host, world) => {
  const others = [...world.hosts.values()].filter((each) => each !== host && !each.draining);
  host.draining = !host.draining && others.length > 0;
});

const kill: Trouble = onContainer((each) => {
  if (each.container === 'running') each.container = 'exited';
});

const vanish: Trouble = onContainer((each) => {
  if (each.instance.state !== 'planned') Object.assign(each, { container: 'absent', entry: 'none' });
});

const unregister: Trouble = onContainer((each) => {
  each.entry = 'none';
});

/** Its check fails from now on, for five seconds. */
const sicken: Trouble = onContainer((each, world) => {
  if (each.passing) each.passesAt = world.now + 5_000;
});

const restart: Trouble = (world) => {
  const workerId = oneOf(world.chance, [null, ...(world.current?.workers ?? []).map((each) => each.workerId)]) ?? null;
  world.restarts.push({ workerId, onlyUnhealthy: world.chance.in(40), askedAt: world.now });
};

const rescale: Trouble = (world) => {
  if (world.current === null || world.rollout !== null) return;
  const workers = world.current.workers.map((each) =>
    world.chance.in(50) ? { ...each, scale: world.chance.upTo(5) } : each,
  );
  world.current = { ...world.current, workers };
};

/** A deploy begins; over one that is in progress it is a forced one. */
const deploy: Trouble = (world) => {
  const id = `${2 + world.ended.size + (world.rollout === null ? 0 : 1)}`;
  const workers = world.rollout?.workers ?? world.current?.workers ?? [];
  const before = world.rollout;
  if (before?.failing === true || !world.begin(id, workers)) return;
  if (before !== null) world.ended.set(before.id, 'failed');
};

const cancel: Trouble = (world) => {
  if (world.rollout !== null) world.rollout.failing = true;
};

/** What happens to hosts and containers. */
export const TROUBLES: readonly Trouble[] = [stirHost, stirHost, drain, kill, vanish, unregister, sicken];

/** What people ask for. */
export const REQUESTS: readonly Trouble[] = [restart, drain, rescale, deploy, deploy, cancel, (world) => world.goOn()];

/** Some of these, each after a few looks. */
export function trouble(world: World, kinds: readonly Trouble[], times: number): void {
  for (let time = 0; time < times; time += 1) {
    oneOf(world.chance, kinds)?.(world);
    for (let looks = world.chance.upTo(12); looks > 0; looks -= 1) world.round();
  }
}

/** Requests that exchange instances, where nothing fails. */
export const EXCHANGES: readonly Trouble[] = [restart, drain, drain];

/** All is well again, but for hosts that are gone for good; one at least is there. */
export function calmDown(world: World): void {
  const hosts = [...world.hosts.values()];
  for (const host of hosts) {
    const isLast = hosts.every((each) => each === host || each.standing === 'forgotten');
    if (host.standing !== 'forgotten' || isLast || world.chance.in(50)) comeBack(host, world);
    host.draining &&= hosts.some((each) => each !== host && each.standing === 'well' && !each.draining);
  }
  if (!hosts.some(({ standing, draining }) => standing === 'well' && !draining))
    for (const host of hosts) host.draining = false;
}

/** Lets everything come to rest; whoever is asked says continue. */
export function comeToRest(world: World): void {
  for (let asked = 0; asked < 80; asked += 1) {
    world.settle();
    if (world.rollout === null) return;
    world.goOn();
  }
  throw new Error(`said continue 80 times: ${world.describe()}`);
}
