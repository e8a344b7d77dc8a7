import type { Resources } from '../../src/domain/host/host.js';
import { microCpus } from '../../src/domain/host/resources.js';
import type { RolloutPolicy } from '../../src/domain/rollout/rollout-policy.js';
import { POLICY, SIZES } from '../capacity-input.js';
import { pick, seeded } from '../placement-input.js';
import { addHost, launch, lookAtHosts, PoolMemory, type PoolRules, scalePool } from './sim-hosts.js';
import { runningOn, type SimHost, type SimState, type SimWorker, type Tally, touchHost, violate } from './sim-state.js';
import { lookAtWorkers } from './sim-workers.js';

/** What a day is made of. */
export interface DayPlan {
  readonly hosts: number;
  readonly containers: number;
  readonly seed: number;
  readonly hours: number;
  /** How many times as much happens as in a usual day. */
  readonly trouble: number;
}

const TICK = 15_000;
const LOOK_EVERY_TICKS = 4;
const HOUR = 3_600_000;
/** So long after the last event everything has to be at rest, in simulated milliseconds. */
const CALM = 2 * HOUR;
const SPOT_NOTICE = 120_000;
const LOST_FOR = 300_000;
const OFFER: Resources = { memoryMb: 24_576, cpus: 32 };
const SCALE = 25;

/** What happens in an hour, as shares of all workers or hosts. */
const AN_HOUR = { deploys: 0.04, rescales: 0.15, spot: 0.004, failures: 0.001 };

/** Plays a day over the real planners, and what comes of it. The same seed gives the same day. */
export function simulateDay(plan: DayPlan): Tally {
  const random = seeded(plan.seed);
  const rules = rulesOf(plan, random);
  const state = worldOf(plan, random);
  const memory = new PoolMemory();
  launch(state, rules);
  const busyUntil = plan.hours * HOUR;
  for (let tick = 0; state.now < busyUntil + CALM; tick += 1) {
    if (state.now < busyUntil && tick > 0) happen(state, random, plan.trouble);
    lookAtHosts(state, rules);
    lookAtWorkers(state, rules);
    if (tick % LOOK_EVERY_TICKS === 0) look(state, memory, rules);
    state.now += TICK;
  }
  checkRest(state, rules);
  return state.tally;
}

function look(state: SimState, memory: PoolMemory, rules: PoolRules): void {
  scalePool(state, memory, rules);
  checkHosts(state);
  const serving = [...state.hosts.values()].filter(({ role }) => role === 'serves').length;
  state.tally.mostHosts = Math.max(state.tally.mostHosts, serving);
  if (state.now > HOUR) state.tally.fewestHosts = Math.min(state.tally.fewestHosts, serving);
  state.tally.mostContainers = Math.max(state.tally.mostContainers, state.containers);
}

/** One machine in fifty never joins; the others take one to three minutes. */
function rulesOf({ hosts }: DayPlan, random: () => number): PoolRules {
  const joinsAfter = () => (random() < 0.02 ? null : 60_000 + random() * 120_000);
  return { policy: { ...POLICY, min: 1, max: hosts * 2 }, offer: OFFER, joinsAfter };
}

function worldOf({ hosts, containers }: DayPlan, random: () => number): SimState {
  const workers = Array.from({ length: Math.ceil(containers / SCALE) }, (_, at) => workerOf(at, random));
  const state: SimState = {
    ...{ now: 0, hosts: new Map(), workers, due: new Set(workers), tally: newTally(), desired: hosts },
    ...{ machines: 0, containers: 0 },
  };
  for (let at = 0; at < hosts; at += 1) addHost(state, OFFER, { role: 'serves', joinsAt: null });
  return state;
}

function workerOf(at: number, random: () => number): SimWorker {
  const resources = pick(SIZES, random);
  const base = Math.max(1, Math.round(SCALE * (0.4 + random() * 1.2)));
  return {
    ...{
      id: String(at + 1),
      mayMove: random() > 0.01,
      base,
      scale: base,
      deploy: 1,
      deployAskedAt: null,
      deployWants: [],
    },
    ...{ held: new Map(), waiting: 0, wantedSince: null, lookAt: null },
    spec: {
      ...{ name: 'web', command: [], port: 8888, resources, healthDeadlineSeconds: 120, minHealthySeconds: 0 },
      check: { kind: 'http', path: '/', intervalSeconds: 5, timeoutSeconds: 1 },
      ...{ drainSeconds: 10, stopGraceSeconds: 10, stopSignal: 'SIGTERM', policy: ROLLING, probe: null },
    },
  };
}

const ROLLING: RolloutPolicy = {
  ...{ strategy: 'rolling', parallelism: null, delaySeconds: 0, monitorSeconds: 0, progressDeadlineSeconds: 600 },
  ...{ allowedFailures: 0, onFailure: 'revert', canaryPercent: 10, canaryPauseSeconds: 60 },
};

function newTally(): Tally {
  return {
    ...{ placements: 0, moves: 0, placing: 0, decisions: [], timesToPlace: [], deploys: 0, late: 0, refused: 0 },
    ...{
      lost: 0,
      spot: 0,
      launched: 0,
      leaves: 0,
      takenBack: 0,
      mostHosts: 0,
      fewestHosts: Infinity,
      mostContainers: 0,
      violations: new Map(),
    },
  };
}

/** Deploys, scales that follow the hour, spot notices and hosts that fail, all by chance. */
function happen(state: SimState, random: () => number, trouble: number): void {
  const times = (share: number, of: number) => Math.floor((share * trouble * of * TICK) / HOUR + random());
  const worker = () => pick(state.workers, random);
  for (let at = times(AN_HOUR.deploys, state.workers.length); at > 0; at -= 1) deploy(state, worker());
  for (let at = times(AN_HOUR.rescales, state.workers.length); at > 0; at -= 1) rescale(state, worker(), random);
  const serving = [...state.hosts.values()].filter(({ role }) => role === 'serves');
  for (let at = times(AN_HOUR.spot, serving.length); at > 0; at -= 1) giveNotice(state, pick(serving, random));
  for (let at = times(AN_HOUR.failures, serving.length); at > 0; at -= 1) fail(state, pick(serving, random));
}

function deploy(state: SimState, worker: SimWorker): void {
  const settled = [...worker.held.values()].every(({ instance }) => instance.deployId === String(worker.deploy));
  if (worker.deployAskedAt !== null || !settled) return;
  worker.deployAskedAt = state.now;
  state.tally.deploys += 1;
  state.due.add(worker);
}

/** Nights need half of what days do. */
function rescale(state: SimState, worker: SimWorker, random: () => number): void {
  const day = (1 - Math.cos((state.now / (24 * HOUR)) * 2 * Math.PI)) / 2;
  const share = 1 - day * 0.5;
  worker.scale = Math.max(1, Math.round(worker.base * (share + (random() - 0.5) * 0.1)));
  state.due.add(worker);
}

function giveNotice(state: SimState, host: SimHost): void {
  host.role = 'leaving';
  host.mayStay = false;
  host.goneAt = state.now + SPOT_NOTICE;
  state.tally.spot += 1;
  touchHost(state, host);
}

function fail(state: SimState, host: SimHost): void {
  host.role = 'lost';
  host.lostSince = state.now;
  host.goneAt = state.now + LOST_FOR;
  touchHost(state, host);
}

/** No host runs more than it has, and no slot is wanted twice. */
function checkHosts(state: SimState): void {
  for (const host of state.hosts.values()) {
    const { runningMb, runningMicro } = runningOn(host);
    if (runningMb > host.capacity.memoryMb || runningMicro > microCpus(host.capacity.cpus))
      violate(state, 'a host never runs more than it has');
  }
  for (const { held, deploy: current } of state.workers) {
    const wanted = [...held.values()].filter(
      ({ instance }) => instance.desired === 'running' && instance.deployId === String(current),
    );
    if (new Set(wanted.map(({ instance }) => instance.slot)).size < wanted.length)
      violate(state, 'a slot is never wanted twice on one release');
  }
}

/** When nothing has happened for long enough, everything runs, and nothing else is left. */
function checkRest(state: SimState, { policy }: PoolRules): void {
  for (const { held, scale, deployAskedAt } of state.workers) {
    const running = [...held.values()].filter(
      ({ instance }) => instance.state === 'healthy' && instance.desired === 'running',
    );
    const isAtRest = running.length === scale && held.size === scale && deployAskedAt === null;
    if (!isAtRest) violate(state, 'all comes to rest, with exactly what is wanted');
  }
  const serving = [...state.hosts.values()].filter(({ role }) => role === 'serves').length;
  if (serving > policy.max) violate(state, 'the limits hold');
}
