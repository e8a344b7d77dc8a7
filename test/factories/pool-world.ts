import type {
  CapacityDecision,
  CapacityHost,
  CapacityInstance,
  CapacitySnapshot,
} from '../../src/domain/capacity/capacity.js';
import { placedIn } from '../../src/domain/capacity/fit.js';
import { planCapacity } from '../../src/domain/capacity/plan-capacity.js';
import { roomOf } from '../../src/domain/capacity/pool-scene.js';
import type { Need } from '../../src/domain/placement/placement.js';
import { candidate } from './placement.js';
import { poolHost } from './pools.js';

/** Between two looks at a pool, in milliseconds. */
const LOOK_EVERY = 60_000;

/** A pool that does what is decided: machines come a look later, hosts are emptied instance by instance. */
export class PoolWorld {
  /** What the desired count was after each look. */
  readonly history: number[];
  private machines = 0;

  constructor(private snapshot: CapacitySnapshot) {
    this.history = [snapshot.desired];
  }

  get now(): CapacitySnapshot {
    return this.snapshot;
  }

  /** Changes what is wanted. */
  change(given: Partial<CapacitySnapshot>): void {
    this.snapshot = { ...this.snapshot, ...given };
  }

  /** One look: decides, does it, and lets the time of a look go by. */
  look(): CapacityDecision {
    const decision = planCapacity(this.snapshot);
    const { now, desired, scaledAt } = this.snapshot;
    const hosts = this.snapshot.hosts.map((host) => this.toldTo(host, decision));
    this.snapshot = {
      ...this.snapshot,
      ...{ hosts, desired: decision.desired, surplusSince: decision.surplusSince },
      scaledAt: decision.desired === desired ? scaledAt : now,
    };
    this.history.push(decision.desired);
    this.live();
    return decision;
  }

  private toldTo(host: CapacityHost, { leave, stay }: CapacityDecision): CapacityHost {
    if (leave.includes(host.name)) return { ...host, role: 'leaving', mayStay: true };
    return stay.includes(host.name) ? { ...host, role: 'serves', mayStay: false } : host;
  }

  private live(): void {
    this.join();
    this.move();
    const gone = ({ role, instances }: CapacityHost) =>
      (role === 'leaving' || role === 'lost') && instances.length === 0;
    const hosts = this.snapshot.hosts.filter((host) => !gone(host));
    this.snapshot = { ...this.snapshot, hosts, now: this.snapshot.now + LOOK_EVERY };
    this.launch();
  }

  private join(): void {
    const { offer } = this.snapshot;
    const joined = (host: CapacityHost): CapacityHost => {
      if (host.role !== 'coming') return host;
      return { ...host, role: 'serves', capacity: host.capacity ?? offer, host: candidate(host.name).host };
    };
    this.snapshot = { ...this.snapshot, hosts: this.snapshot.hosts.map(joined) };
  }

  private launch(): void {
    const { hosts, desired } = this.snapshot;
    const counted = hosts.filter(({ role }) => role !== 'leaving' && role !== 'lost').length;
    const launched = Array.from({ length: Math.max(0, desired - counted) }, () => {
      this.machines += 1;
      return poolHost(`i-${this.machines}`, { role: 'coming', host: null, capacity: null });
    });
    this.snapshot = { ...this.snapshot, hosts: [...hosts, ...launched] };
  }

  /** What is on hosts that leave or are lost goes elsewhere, and what waits begins, as far as there is room. */
  private move(): void {
    const { hosts, offer, waiting } = this.snapshot;
    const off = hosts.filter(({ role }) => role === 'leaving' || role === 'lost').flatMap(({ instances }) => instances);
    const begun = waiting.flatMap((each, at) =>
      Array.from({ length: each.count }, (_, index): CapacityInstance => {
        const { app, group, worker, needsTcpDocker } = each;
        const key = `${each.who} ${at} ${index} ${this.history.length}`;
        const what = { key, app, group, worker, slot: index + 1, resources: each.each, image: null, needsTcpDocker };
        return { ...what, mayMove: true, goes: false };
      }),
    );
    const serving = hosts.filter(({ role }) => role === 'serves').map((host) => roomOf(host, offer));
    const needs: Need[] = [...off.filter(({ goes }) => !goes), ...begun];
    const { placed, unplaced } = placedIn(serving, needs);
    const moved = new Set(placed.map(({ need }) => need));
    const arriving = (name: string) =>
      placed.filter(({ host }) => host === name).map(({ need }) => need as CapacityInstance);
    const left = new Set(unplaced.map(({ need }) => need));
    this.snapshot = {
      ...this.snapshot,
      hosts: hosts.map((host) => {
        const kept = host.instances.filter((each) => !moved.has(each) && !each.goes);
        return { ...host, instances: [...kept, ...arriving(host.name)] };
      }),
      waiting: waiting
        .map((each, at) => ({
          each,
          count: begun.filter((one) => left.has(one) && one.key.startsWith(`${each.who} ${at} `)).length,
        }))
        .map(({ each, count }) => ({ ...each, count }))
        .filter(({ count }) => count > 0),
    };
  }
}
