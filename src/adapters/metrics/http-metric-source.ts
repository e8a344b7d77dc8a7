import { Inject, Injectable } from '@nestjs/common';
import { pointedAt } from '../../domain/autoscale/json-pointer.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { MetricQuestion, MetricSource } from '../../ports/metric-source.js';
import { OUTBOUND_HTTP, type OutboundAnswer, type OutboundHttp } from '../../ports/outbound-http.js';
import { documentIn, NoNumber, usable } from './metric-answer.js';
import { numberOfQuery } from './prometheus-answer.js';

const FORM = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };

/** Reads numbers over HTTP. */
@Injectable()
export class HttpMetricSource implements MetricSource {
  constructor(@Inject(OUTBOUND_HTTP) private readonly http: OutboundHttp) {}

  refusalOf(url: string): string | null {
    return this.http.refusalOf(url);
  }

  async read(question: MetricQuestion, signal: AbortSignal): Promise<number> {
    try {
      return question.kind === 'prometheus' ? await this.query(question, signal) : await this.look(question, signal);
    } catch (error) {
      if (!(error instanceof NoNumber)) throw error;
      throw new DomainError('unprocessable_entity', `The answer of ${hostOf(question.url)} ${error.predicate}`);
    }
  }

  /** As a POST, so that a long query fits, and none stands in the logs of what lies between. */
  private async query({ url, query }: MetricQuestion, signal: AbortSignal): Promise<number> {
    const body = new URLSearchParams({ query }).toString();
    const answer = await this.http.post({ url: queryAddress(url), headers: FORM, body }, signal);
    // A query that is refused has its reason in the document, whatever the status.
    if (answer.status >= 400 && !answer.body.startsWith('{')) requireOk(answer);
    return numberOfQuery(answer.body);
  }

  private async look({ url, query }: MetricQuestion, signal: AbortSignal): Promise<number> {
    const answer = await this.http.get({ url, headers: { accept: 'application/json' } }, signal);
    requireOk(answer);
    const pointed = pointedAt(documentIn(answer.body), query);
    if (!pointed.found) throw new NoNumber(`has nothing at ${nameOf(query)}.`);
    if (typeof pointed.value !== 'number')
      throw new NoNumber(`has at ${nameOf(query)} what is no number, but ${kindOf(pointed.value)}.`);
    return usable(pointed.value);
  }
}

/** Below the base, which may be a folder. */
function queryAddress(base: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
  return url.href;
}

function requireOk({ status }: OutboundAnswer): void {
  if (status < 200 || status > 299) throw new NoNumber(`has the status ${status}, and no number.`);
}

const nameOf = (pointer: string): string => (pointer === '' ? 'its root' : pointer);

const hostOf = (url: string): string => new URL(url).hostname;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
