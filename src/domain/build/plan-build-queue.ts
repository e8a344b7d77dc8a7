import { chooseBuildHost, type BuildHost } from './choose-build-host.js';
import { orderBuilds, type WaitingBuild } from './order-builds.js';

/** A build that has not ended. */
export interface OpenBuild extends WaitingBuild {
  /** The branch that it was asked for by; null where it was none. */
  readonly branch: string | null;
  /** Whether a newer commit of the branch makes it needless while it waits. */
  readonly latestWins: boolean;
  /** Whether an engine is at it now. */
  readonly running: boolean;
  /** The host that it runs on, or ran on; null before the first. */
  readonly host: string | null;
  /** Whether that host was lost under it. */
  readonly lostHost: boolean;
  /** The host that built its app last, whose cache may serve; null where none did. */
  readonly appBuiltOn: string | null;
  /** Whether somebody said that it should end. */
  readonly canceled: boolean;
}

/** How many may run, and where. */
export interface BuildRoom<H extends BuildHost> {
  /** All hosts that could build, whether they may or not; what they say of `running` does not count here. */
  readonly hosts: readonly H[];
  readonly perHost: number;
  readonly atOnce: number;
}

/** A build whose turn it is. */
export interface BuildTurn<H> {
  readonly id: string;
  /** Where it runs; null for one that only ends. */
  readonly place: H | null;
  /** Why no host can ever take it; null where one does, or it was canceled. */
  readonly refusal: string | null;
}

/** What is to be done with the builds that have not ended. */
export interface BuildQueuePlan<H> {
  /** Those that begin now, in their order. */
  readonly turns: readonly BuildTurn<H>[];
  /** Those that a newer commit of their branch makes needless. */
  readonly superseded: readonly { readonly id: string; readonly by: string }[];
  /** Those that wait, in their order, and what for. */
  readonly waiting: readonly { readonly id: string; readonly why: string }[];
}

/** Decides which builds begin, where, which are needless, and why each of the others waits. Without I/O and chance. */
export function planBuildQueue<H extends BuildHost>(open: readonly OpenBuild[], room: BuildRoom<H>): BuildQueuePlan<H> {
  const superseded = supersededAmong(open);
  const needless = new Set(superseded.map(({ id }) => id));
  const running = open.filter((build) => build.running);
  const waiting = open.filter((build) => !build.running && !needless.has(build.id));
  const seats = new Seats(room, running);
  const turns: BuildTurn<H>[] = [];
  const kept: { id: string; why: string }[] = [];
  for (const build of orderBuilds(
    waiting,
    countBy(running, ({ appId }) => appId),
  )) {
    const answer = seats.take(build);
    if (typeof answer === 'string') kept.push({ id: build.id, why: answer });
    else turns.push({ id: build.id, ...answer });
  }
  return { turns, superseded, waiting: kept };
}

/** The newest of a branch stands for all of it that wait; one that ran before is not thrown away. */
function supersededAmong(open: readonly OpenBuild[]): { id: string; by: string }[] {
  const newest = new Map<string, string>();
  for (const build of open.filter(({ canceled }) => !canceled)) {
    const known = newest.get(lineOf(build));
    if (known === undefined || BigInt(known) < BigInt(build.id)) newest.set(lineOf(build), build.id);
  }
  return open
    .filter(({ branch, latestWins, running, begun, canceled }) => {
      return branch !== null && latestWins && !running && !begun && !canceled;
    })
    .map((build) => ({ id: build.id, by: newest.get(lineOf(build)) ?? build.id }))
    .filter(({ id, by }) => id !== by);
}

const lineOf = ({ appId, branch }: OpenBuild): string => JSON.stringify([appId, branch]);

/** The room that is left while one after the other takes of it. */
class Seats<H extends BuildHost> {
  private readonly onHost: Map<string, number>;
  private taken: number;

  constructor(
    private readonly room: BuildRoom<H>,
    running: readonly OpenBuild[],
  ) {
    this.onHost = countBy(running, ({ host }) => host ?? '');
    this.taken = running.length;
  }

  /** A seat, or the reason to wait. What only ends needs none. */
  take(build: OpenBuild): Omit<BuildTurn<H>, 'id'> | string {
    if (build.canceled) return { place: null, refusal: null };
    const able = this.ableFor(build);
    if ('refusal' in able) return { place: null, refusal: able.refusal };
    if (this.taken >= this.room.atOnce)
      return `${this.taken} builds run, and BUILDS_AT_ONCE lets no more than ${this.room.atOnce} run at once`;
    const place = chooseBuildHost(
      able.hosts.filter(({ running }) => running < this.room.perHost),
      build.appBuiltOn,
    );
    if ('refusal' in place) return this.fullSentence(build, able.hosts);
    this.taken += 1;
    this.onHost.set(place.host.name, place.running + 1);
    return { place, refusal: null };
  }

  /** The hosts that may build it, full or not; the one that was lost under it only where there is no other. */
  private ableFor({
    lostHost,
    host: last,
  }: OpenBuild): { readonly hosts: readonly H[] } | { readonly refusal: string } {
    const all = this.room.hosts.map((each) => ({ ...each, running: this.onHost.get(each.host.name) ?? 0 }));
    const others = lostHost ? all.filter(({ host }) => host.name !== last) : all;
    const choice = chooseBuildHost(all);
    if ('refusal' in choice) return choice;
    return { hosts: 'refusal' in chooseBuildHost(others) ? all : others };
  }

  private fullSentence({ lostHost, host }: OpenBuild, hosts: readonly H[]): string {
    const names = [...new Set(hosts.filter(isAble).map((each) => each.host.name))].sort().join(', ');
    const which = lostHost ? `host ${host} was lost under it, and every other build host` : 'every build host';
    return `${which} has ${this.room.perHost} builds, as many as BUILDS_PER_HOST allows: ${names}`;
  }
}

const isAble = <H extends BuildHost>(host: H): boolean => !('refusal' in chooseBuildHost([host]));

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
