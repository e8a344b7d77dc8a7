import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import { type OutboundRules, refusalOfAddress, rulesOf } from '../../src/domain/outbound/outbound-rules.js';
import { faultOfAddress } from '../../src/domain/outbound/outbound-url.js';
import type { OutboundAnswer, OutboundGet, OutboundHttp, OutboundPost } from '../../src/ports/outbound-http.js';

/** What becomes of a request: an answer, the words of a failure that may pass, a refusal, or nothing ever. */
export type OutboundFate =
  Partial<OutboundAnswer> | { readonly failure: string } | { readonly refusal: string } | 'silence';

/** Requests that a test decides of; addresses are judged as the real one judges them. */
export class FakeOutboundHttp implements OutboundHttp {
  /** All that was sent, oldest first. */
  readonly sent: OutboundPost[] = [];
  /** All that was asked for, oldest first. */
  readonly asked: OutboundGet[] = [];
  /** What becomes of the next. */
  fateOf: (post: OutboundPost) => OutboundFate | Promise<OutboundFate> = () => ({ status: 200 });

  constructor(
    private readonly rules: OutboundRules = rulesOf(''),
    private readonly patience = 10_000,
  ) {}

  refusalOf(text: string): string | null {
    const url = URL.canParse(text) ? new URL(text) : null;
    return faultOfAddress(text, url) ?? (url === null ? null : refusalOfAddress(this.rules, url));
  }

  async post(post: OutboundPost, signal: AbortSignal): Promise<OutboundAnswer> {
    this.require(post.url);
    this.sent.push(post);
    return this.answer(post, signal);
  }

  async get(get: OutboundGet, signal: AbortSignal): Promise<OutboundAnswer> {
    this.require(get.url);
    this.asked.push(get);
    return this.answer({ ...get, body: '' }, signal);
  }

  private require(url: string): void {
    const refusal = this.refusalOf(url);
    if (refusal !== null) throw new DomainError('unprocessable_entity', `The address at ${hostOf(url)} ${refusal}`);
  }

  private async answer(post: OutboundPost, signal: AbortSignal): Promise<OutboundAnswer> {
    const host = hostOf(post.url);
    const fate = await this.fateOf(post);
    if (fate === 'silence') throw unavailable(host, await endOfPatience(this.patience, signal));
    if ('failure' in fate) throw unavailable(host, fate.failure);
    if ('refusal' in fate) throw new DomainError('unprocessable_entity', `The address at ${host} ${fate.refusal}`);
    return { status: 200, body: '', retryAfter: null, milliseconds: 1, ...fate };
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : 'an unknown host');

function endOfPatience(milliseconds: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`no answer within ${milliseconds / 1000} s`), milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve('This operation was aborted');
    });
  });
}
