import type {
  CapacityHost,
  CapacityInstance,
  CapacitySnapshot,
  WaitingRoom,
} from '../../src/domain/capacity/capacity.js';
import { planCapacity } from '../../src/domain/capacity/plan-capacity.js';
import type { Resources } from '../../src/domain/host/host.js';
import type { ScalingPolicy } from '../../src/domain/host-pool/host-pool.js';
import { letGo, type SimHost, type SimState, type SimWorker, touchHost, violate } from './sim-state.js';

/** What the pool goes by, and what its machines are. */
export interface PoolRules {
  readonly policy: ScalingPolicy;
  readonly offer: Resources;
  /** Milliseconds from a machine's launch until it joins; null: it never does. */
  readonly joinsAfter: () => number | null;
}

/** What a pool remembers from one decision to the next. */
export class PoolMemory {
  surplusSince: number | null = null;
  scaledAt: number | null = null;
}

/** Machines join, never join and are replaced, or are gone. */
export function lookAtHosts(state: SimState, { policy }: PoolRules): void {
  for (const host of state.hosts.values()) {
    if (host.role === 'coming') join(state, host, policy);
    const isEmptied = host.role === 'leaving' && host.held.size === 0;
    if (isEmptied || (host.goneAt !== null && host.goneAt <= state.now)) remove(state, host);
  }
}

function join(state: SimState, host: SimHost, { joinDeadlineSeconds }: ScalingPolicy): void {
  if (host.joinsAt !== null && host.joinsAt <= state.now) {
    host.role = 'serves';
    for (const worker of state.workers) if (waits(worker)) state.due.add(worker);
  } else if (host.launchedAt + joinDeadlineSeconds * 1000 <= state.now) {
    state.hosts.delete(host.name);
  }
}

function waits({ waiting, deployAskedAt }: SimWorker): boolean {
  return waiting > 0 || deployAskedAt !== null;
}

function remove(state: SimState, host: SimHost): void {
  if (host.held.size > 0 && host.mayStay) violate(state, 'a host that leaves for want of need is empty when it goes');
  touchHost(state, host);
  for (const held of [...host.held.values()]) {
    state.tally.lost += 1;
    letGo(state, held);
  }
  state.hosts.delete(host.name);
}

/** The real decision, and what follows from it. */
export function scalePool(state: SimState, memory: PoolMemory, rules: PoolRules): void {
  const snapshot = snapshotOf(state, memory, rules);
  const begun = process.cpuUsage();
  const decision = planCapacity(snapshot);
  const { user, system } = process.cpuUsage(begun);
  state.tally.decisions.push((user + system) / 1000);
  const { min, max } = rules.policy;
  if (decision.desired < min || decision.desired > max) violate(state, 'the limits hold');
  memory.surplusSince = decision.surplusSince;
  if (decision.desired !== state.desired) memory.scaledAt = state.now;
  state.desired = decision.desired;
  for (const name of decision.leave) leave(state, name);
  for (const name of decision.stay) stay(state, name);
  launch(state, rules);
}

function leave(state: SimState, name: string): void {
  const host = state.hosts.get(name);
  if (host === undefined) return;
  if ([...host.held.values()].some(({ worker, instance }) => !worker.mayMove && instance.desired === 'running'))
    violate(state, 'a host that runs what may not move is not chosen to leave');
  host.role = 'leaving';
  host.mayStay = true;
  state.tally.leaves += 1;
  touchHost(state, host);
}

function stay(state: SimState, name: string): void {
  const host = state.hosts.get(name);
  if (host === undefined) return;
  host.role = 'serves';
  host.mayStay = false;
  state.tally.takenBack += 1;
  touchHost(state, host);
}

/** The group starts as many machines as are missing. */
export function launch(state: SimState, { offer, joinsAfter }: PoolRules): void {
  const counted = [...state.hosts.values()].filter(({ role }) => role === 'serves' || role === 'coming').length;
  for (let at = counted; at < state.desired; at += 1) {
    const after = joinsAfter();
    addHost(state, offer, { role: 'coming', joinsAt: after === null ? null : state.now + after });
    state.tally.launched += 1;
  }
}

/** One more machine. */
export function addHost(state: SimState, capacity: Resources, of: Pick<SimHost, 'role' | 'joinsAt'>): void {
  state.machines += 1;
  const name = `host-${String(state.machines).padStart(6, '0')}`;
  const host = {
    ...{ name, address: '10.0.0.1', dockerUrl: 'http://10.0.0.1:2375', agentUrl: 'http://10.0.0.1:8500' },
    ...{ healthy: true, unhealthyBecause: null, capacity, machine: `i-${state.machines}` },
  };
  state.hosts.set(name, {
    ...{ name, host, capacity, ...of, mayStay: false, launchedAt: state.now, lostSince: null, goneAt: null },
    ...{ held: new Map(), reservedMb: 0, reservedMicro: 0 },
  });
}

function snapshotOf(state: SimState, memory: PoolMemory, { policy, offer }: PoolRules): CapacitySnapshot {
  return {
    ...{ now: state.now, policy, offer, desired: state.desired },
    hosts: [...state.hosts.values()].map(capacityHostOf),
    waiting: state.workers.flatMap(waitingOf),
    ...{ surplusSince: memory.surplusSince, scaledAt: memory.scaledAt },
  };
}

function capacityHostOf({ name, role, host, capacity, held, mayStay }: SimHost): CapacityHost {
  const instances = [...held.values()].map(({ instance, worker }): CapacityInstance => {
    const { containerName: key, slot, desired, deployId, spec } = instance;
    return {
      ...{ key, app: worker.id, group: worker.id, worker: spec.name, slot, resources: spec.resources, image: null },
      ...{ needsTcpDocker: false, mayMove: worker.mayMove },
      goes: desired !== 'running' || deployId !== String(worker.deploy),
    };
  });
  return { name, role, host: role === 'coming' ? null : host, capacity, instances, staysBecause: null, mayStay };
}

/** What a deploy asked for that waits, and slots with no host. Slots of hosts that leave or are lost are counted there. */
function waitingOf({ id, deployWants, waiting, held, deploy, scale, spec }: SimWorker): WaitingRoom[] {
  const deploys = deployWants.map(({ workerId, ...room }) => ({
    who: `deploy of app-${id}`,
    app: id,
    group: workerId,
    ...room,
  }));
  const slots = [...held.values()].flatMap(({ instance }) =>
    instance.desired === 'running' && instance.deployId === String(deploy) ? [instance.slot] : [],
  );
  const count = Math.min(waiting, scale - new Set(slots).size);
  if (count <= 0) return deploys;
  const of = { app: id, group: id, worker: spec.name, each: spec.resources, needsTcpDocker: false };
  return [...deploys, { who: `${spec.name} of app-${id}`, count, ...of }];
}
