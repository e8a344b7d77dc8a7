import type { RouteProbe } from '../worker/worker.js';
import type { ProbeResult } from './deploy-lifecycle.js';
import { LatencyHistogram } from './latency-histogram.js';

/** From this status on an answer is a failure: the server or the router has none to give (RFC 9110, section 15.6). */
const FIRST_SERVER_ERROR = 500;

/** What became of the requests of one probe. */
interface Count {
  failures: number;
  lastFailure: string | null;
}

/** Counts what probes saw during a deploy, on top of what an engine that is gone had counted. */
export class ProbeTally {
  private readonly latencies = new LatencyHistogram();
  private readonly counts = new Map<RouteProbe, Count>();
  private requests = 0;
  private lastFailure: string | null = null;

  /** `before` is what is written of the deploy already; null for nothing. */
  constructor(private readonly before: ProbeResult | null) {}

  /** A request was answered. What the app refuses (4xx) is an answer: nothing was dropped. */
  answered(probe: RouteProbe, answer: { readonly status: number; readonly milliseconds: number }): void {
    this.requests += 1;
    this.latencies.add(answer.milliseconds);
    if (answer.status >= FIRST_SERVER_ERROR) this.count(probe, `${probe.url} answered ${answer.status}`);
  }

  /** A request was not answered; `why` is a sentence. */
  failed(probe: RouteProbe, why: string): void {
    this.requests += 1;
    this.count(probe, why);
  }

  /** How many requests failed, those before too. */
  get failures(): number {
    return (this.before?.failures ?? 0) + this.ownFailures;
  }

  /**
   * All of it. The latencies of before are known by their percentile alone, so that the higher of the two stands: no
   * result looks better than it was.
   */
  result(): ProbeResult {
    const own = this.latencies.percentile(0.99);
    const p99 = this.before?.p99Ms == null ? own : Math.max(own ?? 0, this.before.p99Ms);
    return {
      requests: (this.before?.requests ?? 0) + this.requests,
      failures: this.failures,
      p99Ms: p99 === null ? null : Math.round(p99 * 10) / 10,
      lastFailure: this.lastFailure ?? this.before?.lastFailure ?? null,
    };
  }

  /**
   * Why the deploy should not go on: one of its probes failed more often than it may; null while all is well. Failures of
   * before are not told apart by probe, and count against each.
   */
  broken(probes: readonly RouteProbe[]): string | null {
    for (const probe of probes) {
      const { failures = 0, lastFailure = null } = this.counts.get(probe) ?? {};
      const all = failures + (this.before?.failures ?? 0);
      const last = lastFailure ?? this.before?.lastFailure ?? null;
      if (probe.allowedFailures !== null && all > probe.allowedFailures) return sentenceOf(probe, all, last);
    }
    return null;
  }

  private get ownFailures(): number {
    return [...this.counts.values()].reduce((sum, { failures }) => sum + failures, 0);
  }

  private count(probe: RouteProbe, why: string): void {
    const count = this.counts.get(probe) ?? { failures: 0, lastFailure: null };
    this.counts.set(probe, { failures: count.failures + 1, lastFailure: why });
    this.lastFailure = why;
  }
}

function sentenceOf({ url, host, allowedFailures }: RouteProbe, failures: number, last: string | null): string {
  const as = host === null ? '' : ` (as ${host})`;
  const many = `${failures} ${failures === 1 ? 'request' : 'requests'} to ${url}${as} failed while traffic moved`;
  return `${many}, and ${allowedFailures ?? 0} may: ${last ?? 'no reason is known'}`;
}
