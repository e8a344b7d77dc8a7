/**
 * Measures a decision of capacity planning. Target: its p99 is under 50 ms in a pool of 1,000 hosts with 30,000
 * containers, in every situation; the growth by doubling is shown beside it. Times are of the processor, and stand beside
 * a floor of the same run, the time to read and sort the same containers once, so that they mean something on another machine. Ends with 1
 * when the target is missed. Run: `npm run bench:capacity`.
 */
import type { CapacitySnapshot } from '../src/domain/capacity/capacity.js';
import { planCapacity } from '../src/domain/capacity/plan-capacity.js';
import { capacityInput, type PoolSize, type Situation, SITUATIONS } from './capacity-input.js';
import { machineLine } from './machine.js';
import { median } from './median.js';
import { grouped, type Row, tableOf } from './table.js';

const MOST_MILLISECONDS = 50;

/** Decisions of each situation: enough for a p99 that one collection of garbage does not make. */
const DECISIONS = 200;
/** Different pools of each size, so that none stays in the processor's cache. */
const POOLS = 6;
const TARGET = { hosts: 1_000, containers: 30_000 };
const DOUBLINGS = [125, 250, 500, 1_000, 2_000, 4_000];
const DOUBLING_DECISIONS = 12;

interface Measured {
  readonly size: PoolSize;
  /** Milliseconds of each decision, and of each floor, in order. */
  readonly decisions: readonly number[];
  readonly floors: readonly number[];
  /** What it decided in the last pool. */
  readonly desired: number;
}

function measure(size: PoolSize, laps: number): Measured {
  const pools = Array.from({ length: POOLS }, (_, at) => capacityInput(size, 20_260_101 + at));
  const decisions: number[] = [];
  const floors: number[] = [];
  let desired = 0;
  for (let lap = 0; lap < laps; lap += 1) {
    const snapshot = pools[lap % POOLS] as CapacitySnapshot;
    floors.push(timed(() => void readAll(snapshot)));
    decisions.push(timed(() => (desired = planCapacity(snapshot).desired)));
  }
  return { size, decisions: decisions.sort(up), floors: floors.sort(up), desired };
}

/** The least that a decision has to do: every container is read once, and the hosts are put in order by what is on them. */
function readAll({ hosts }: CapacitySnapshot): number {
  const all = hosts.flatMap(({ instances }) =>
    instances.map(({ group, resources }) => ({ group, of: resources.memoryMb })),
  );
  return all.sort((one, other) => other.of - one.of || (one.group < other.group ? -1 : 1)).length;
}

/** Milliseconds of the processor, garbage collection too: what others do on the machine meanwhile is not in it. */
function timed(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

const up = (one: number, other: number): number => one - other;
const p99 = (sorted: readonly number[]): number => sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;

function rowOf(measured: Measured): Row {
  const { size, decisions, floors, desired } = measured;
  return {
    situation: size.situation,
    hosts: grouped(size.hosts),
    containers: grouped(size.containers),
    desired: grouped(desired),
    'median ms': median(decisions).toFixed(1),
    'p99 ms': p99(decisions).toFixed(1),
    'floor ms': median(floors).toFixed(1),
    'median of floor': (median(decisions) / median(floors)).toFixed(2),
    'p99 of floor': (p99(decisions) / median(floors)).toFixed(2),
  };
}

function doublings(situation: Situation): Row[] {
  const all = DOUBLINGS.map((hosts) => measure({ hosts, containers: hosts * 30, situation }, DOUBLING_DECISIONS));
  return all.map((each, at) => {
    const before = all[at - 1];
    const factor = before === undefined ? '' : (median(each.decisions) / median(before.decisions)).toFixed(2);
    return { ...rowOf(each), 'times the row above': factor };
  });
}

function main(): number {
  console.log(`Capacity planning, ${DECISIONS} decisions each, fixed seeds. ${machineLine()}\n`);
  for (const situation of SITUATIONS) measure({ ...TARGET, situation }, POOLS * 2); // the first runs measure the compiler
  const targets = SITUATIONS.map((situation) => measure({ ...TARGET, situation }, DECISIONS));
  console.log(`${tableOf(targets.map(rowOf))}\n`);
  console.log(`${tableOf([...doublings('deploys wait'), ...doublings('too many hosts')])}\n`);
  const slowest = Math.max(...targets.map(({ decisions }) => p99(decisions)));
  const met = slowest < MOST_MILLISECONDS;
  console.log(
    `${met ? 'Met' : 'MISSED'}: p99 of a decision ${slowest.toFixed(1)} ms at most (target ${MOST_MILLISECONDS}).`,
  );
  return met ? 0 : 1;
}

process.exitCode = main();
