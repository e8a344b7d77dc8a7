import { Inject, Injectable } from '@nestjs/common';
import { ProbeTally } from '../../domain/deploy/probe-tally.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import type { RouteProbe, WorkerSpec } from '../../domain/worker/worker.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { HTTP_PROBE, type HttpProbe } from '../../ports/http-probe.js';
import { ProbeResults } from '../../store/repositories/probe-results.js';
import { EngineIdentity } from '../engine-identity.js';

/** Each probe asks so often, whether the one before was answered or not, in milliseconds. */
const ASK_EVERY = 100;
/** What was seen is written so often, in milliseconds. */
const WRITE_EVERY = 1_000;
/** A request that is not answered in so many milliseconds failed. */
const PATIENCE = 5_000;

/** A deploy whose traffic moves. */
export interface Probed {
  readonly deployId: string;
  readonly probes: readonly RouteProbe[];
  /** Aborted when the pass ends. */
  readonly signal: AbortSignal;
}

/** Asks through routers what users would while a deploy moves their traffic, and counts. */
@Injectable()
export class Prober {
  private readonly running = new Map<string, Probing>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HTTP_PROBE) private readonly http: HttpProbe,
    private readonly results: ProbeResults,
    private readonly engine: EngineIdentity,
  ) {}

  /** Begins to ask; does nothing where it asks for this deploy already, or there is nothing to ask. */
  async begin(probed: Probed): Promise<void> {
    const { deployId, probes, signal } = probed;
    if (probes.length === 0 || signal.aborted || this.running.has(deployId)) return;
    const tally = new ProbeTally(await this.results.of(deployId));
    const done = new AbortController();
    const probing: Probing = { ...probed, tally, done, asking: new Set(), end: Promise.resolve() };
    this.running.set(deployId, probing);
    probing.end = this.run(probing);
  }

  /** How many requests failed during the deploy, as far as it is known here; 0 while nothing is asked. */
  failures(deployId: string): number {
    return this.running.get(deployId)?.tally.failures ?? 0;
  }

  /** Why the deploy should be taken back, in one sentence; null while its probes fail no more often than they may. */
  broken(deployId: string): string | null {
    const probing = this.running.get(deployId);
    return probing?.tally.broken(probing.probes) ?? null;
  }

  /** Asks no more, waits for what is still asked, and writes; answers what {@link broken} then says. */
  async end(deployId: string): Promise<string | null> {
    const probing = this.running.get(deployId);
    if (probing === undefined) return null;
    probing.done.abort();
    await probing.end;
    return probing.tally.broken(probing.probes);
  }

  /** Never rejects. */
  private async run(probing: Probing): Promise<void> {
    const { deployId, done, signal } = probing;
    const stop = AbortSignal.any([done.signal, signal]);
    let written = performance.now();
    while (!stop.aborted) {
      for (const probe of probing.probes) this.ask(probe, probing);
      if (performance.now() - written >= WRITE_EVERY) {
        written = performance.now();
        await this.write(probing);
      }
      await this.clock.sleep(ASK_EVERY, stop);
    }
    await Promise.all(probing.asking);
    await this.write(probing);
    this.running.delete(deployId);
  }

  /** A pass that is broken off says nothing about the app: what it had asked is not counted. */
  private ask(probe: RouteProbe, { signal, tally, asking }: Probing): void {
    const answer = this.http.get(probe, PATIENCE, signal).then(
      (answered) => tally.answered(probe, answered),
      (error: unknown) => (signal.aborted ? undefined : tally.failed(probe, sentenceOf(error))),
    );
    const counted = answer.finally(() => asking.delete(counted));
    asking.add(counted);
  }

  private async write({ deployId, tally }: Probing): Promise<void> {
    await this.results.keep(deployId, tally.result()).catch((error: unknown) => {
      this.engine.log.warn({ deploy: deployId, error: sentenceOf(error) }, 'what a probe saw could not be kept');
    });
  }
}

interface Probing extends Probed {
  readonly tally: ProbeTally;
  readonly done: AbortController;
  readonly asking: Set<Promise<void>>;
  /** Resolves when all is asked and written. */
  end: Promise<void>;
}

/** What the workers of a deploy want asked, each once. */
export function probesOf(specs: readonly Pick<WorkerSpec, 'probe'>[]): readonly RouteProbe[] {
  const probes = specs.flatMap(({ probe }) => (probe === null ? [] : [probe]));
  return [...new Map(probes.map((probe) => [`${probe.host ?? ''} ${probe.url}`, probe])).values()];
}
