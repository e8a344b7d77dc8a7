import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import { rulesOf } from '../../src/domain/outbound/outbound-rules.js';
import type { MetricQuestion, MetricSource } from '../../src/ports/metric-source.js';
import { FakeOutboundHttp } from './fake-outbound-http.js';

/** What a question finds: a number, the words of an answer without one, or those of a failure that may pass. */
export type MetricFate = number | { readonly nothing: string } | { readonly failure: string };

/** Numbers that a test decides of; addresses are judged as the real one judges them. */
export class FakeMetricSource implements MetricSource {
  /** All that was asked, oldest first. */
  readonly asked: MetricQuestion[] = [];
  /** What the next question finds. */
  fateOf: (question: MetricQuestion) => MetricFate = () => ({ nothing: 'holds no value' });
  private readonly outbound: FakeOutboundHttp;

  /** `allowed`: what OUTBOUND_ALLOW lists. */
  constructor(allowed = '') {
    this.outbound = new FakeOutboundHttp(rulesOf(allowed));
  }

  refusalOf(url: string): string | null {
    return this.outbound.refusalOf(url);
  }

  async read(question: MetricQuestion): Promise<number> {
    const host = URL.canParse(question.url) ? new URL(question.url).hostname : 'an unknown host';
    const refusal = this.refusalOf(question.url);
    if (refusal !== null) throw new DomainError('unprocessable_entity', `The address at ${host} ${refusal}`);
    this.asked.push(question);
    const fate = this.fateOf(question);
    if (typeof fate === 'number') return fate;
    if ('failure' in fate) throw unavailable(host, fate.failure);
    throw new DomainError('unprocessable_entity', `The answer of ${host} ${fate.nothing}.`);
  }
}
