import fc from 'fast-check';
import { type OpenApi, readOpenApi, type Route, routesOf, SchemaChecker } from '../support/openapi.js';
import { type FuzzRequest, requestsOf } from './fuzz-request.js';
import type { FuzzWorld, Sender } from './fuzz-world.js';
import { GoodValues } from './good-values.js';
import { faultsOfLine, Judge } from './judge.js';
import { sendHostile } from './send-hostile.js';

/** How much is sent, by whom, and the seed from which all of it follows. */
export interface FuzzRun {
  readonly requests: number;
  readonly seed: number;
  readonly senders: readonly Sender[];
}

/** What came of it. */
export interface FuzzReport {
  readonly requests: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Operations that were asked so that they, and no other, answered. */
  readonly operations: ReadonlySet<string>;
  /** Each kind of fault once, with the first request that brought it out. */
  readonly faults: ReadonlyMap<string, string>;
  readonly seconds: number;
}

/** Requests at once, as many as there are callers in a hurry. */
const AT_ONCE = 12;

/** Streams have no end to wait for; they are tested where they are followed. */
const ENDLESS = new Set(['/events']);

/** Sends so many requests, drawn from every operation of the document, and judges every answer and every line of the log. */
export async function runFuzz(world: FuzzWorld, run: FuzzRun): Promise<FuzzReport> {
  const document = await readOpenApi();
  const tally = new Tally(new Judge(document, new SchemaChecker(document)));
  const queue = drawn(document, world, run);
  const begin = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, () => work(queue, { world, run, tally })));
  tally.readLog(world.api.world.log.splice(0));
  return { ...tally.report, requests: tally.sent, seconds: (performance.now() - begin) / 1000 };
}

interface Work {
  readonly world: FuzzWorld;
  readonly run: FuzzRun;
  readonly tally: Tally;
}

async function work(queue: Iterator<FuzzRequest>, { world, run: { senders }, tally }: Work): Promise<void> {
  for (let next = queue.next(); next.done !== true; next = queue.next()) {
    const sender = senders[tally.sent++ % senders.length] ?? 'stranger';
    const answer = await sendHostile(world.api.url, next.value, world.tokens[sender]);
    tally.add(next.value, sender, answer);
    if (world.api.world.log.length > 500) tally.readLog(world.api.world.log.splice(0));
  }
}

/** All operations in turn, in batches, so that no more requests are held than are needed soon. */
function* drawn(document: OpenApi, { vocabulary }: FuzzWorld, { requests, seed }: FuzzRun): Generator<FuzzRequest> {
  const values = new GoodValues(document, vocabulary);
  const routes = routesOf(document).filter(({ path }) => !ENDLESS.has(path));
  const arbitraries = routes.map((route) => requestsOf(route, values));
  const numRuns = Math.min(50, Math.max(1, Math.floor(requests / routes.length)));
  let left = requests;
  for (let turn = 0; left > 0; turn += 1) {
    const arbitrary = arbitraries[turn % arbitraries.length] ?? fc.constant<never>(undefined as never);
    const batch = fc.sample(arbitrary, { numRuns: Math.min(numRuns, left), seed: seed + turn });
    yield* batch;
    left -= batch.length;
  }
}

class Tally {
  sent = 0;
  private readonly statuses: Record<string, number> = {};
  private readonly operations = new Set<string>();
  private readonly faults = new Map<string, string>();

  constructor(private readonly judge: Judge) {}

  get report() {
    return { statuses: this.statuses, operations: this.operations, faults: this.faults };
  }

  add(request: FuzzRequest, sender: Sender, answer: Awaited<ReturnType<typeof sendHostile>>): void {
    this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
    if (request.isOfRoute) this.operations.add(request.route.name);
    for (const fault of this.judge.faultsOf(request, answer))
      this.keep(`${request.route.name}: ${fault}`, shown(request, sender, answer));
  }

  readLog(lines: readonly string[]): void {
    for (const fault of lines.flatMap(faultsOfLine)) this.keep(fault.slice(0, 120), fault);
  }

  private keep(fault: string, first: string): void {
    if (!this.faults.has(fault)) this.faults.set(fault, first);
  }
}

/** Enough of a request to send it again. */
function shown(
  { method, target, headers, body }: FuzzRequest,
  sender: Sender,
  { status, text }: { status: number; text: string },
): string {
  const request = `${sender}: ${method} ${target.slice(0, 500)} ${JSON.stringify(headers).slice(0, 300)} ${JSON.stringify(body.toString()).slice(0, 800)}`;
  return `${request}\n    ${status} ${text.slice(0, 600)}`;
}

/** The operations of a document that can be asked here, by name. */
export async function operationNames(): Promise<readonly string[]> {
  const isEndless = ({ path }: Route): boolean => ENDLESS.has(path);
  return routesOf(await readOpenApi())
    .filter((route) => !isEndless(route))
    .map(({ name }) => name);
}
