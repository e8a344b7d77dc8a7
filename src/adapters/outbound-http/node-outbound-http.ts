import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import { hostOf, type OutboundRules, refusalOfAddress } from '../../domain/outbound/outbound-rules.js';
import { faultOfAddress } from '../../domain/outbound/outbound-url.js';
import type { OutboundAnswer, OutboundGet, OutboundHttp, OutboundPost } from '../../ports/outbound-http.js';
import { guardedLookup, type Resolve, resolveBySystem } from './guarded-lookup.js';
import { type OutboundRequest, type RawAnswer, sendOnce } from './send-once.js';

/** How long all of it may take: names, connections, redirects, the answer. In milliseconds. */
const PATIENCE = 10_000;

/** So many redirects are followed. */
const LONGEST_CHAIN = 3;

/** A POST stays a POST at these (RFC 9110 section 15.4); 303 would make a GET of it, which tells nobody anything. */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 307, 308]);

/** 303 says where the thing that was asked for is. */
const REDIRECTS_OF_A_GET: ReadonlySet<number> = new Set([...REDIRECTS, 303]);

/** Calls with Node's own HTTP client, which reads no proxy from the environment. */
export class NodeOutboundHttp implements OutboundHttp {
  constructor(
    private readonly rules: OutboundRules,
    private readonly resolve: Resolve = resolveBySystem,
    private readonly patience = PATIENCE,
  ) {}

  refusalOf(text: string): string | null {
    const url = URL.canParse(text) ? new URL(text) : null;
    return faultOfAddress(text, url) ?? (url === null ? null : refusalOfAddress(this.rules, url));
  }

  post(post: OutboundPost, signal: AbortSignal): Promise<OutboundAnswer> {
    return this.send(post, signal);
  }

  get(get: OutboundGet, signal: AbortSignal): Promise<OutboundAnswer> {
    return this.send({ ...get, body: null }, signal);
  }

  private async send(request: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
    const late = AbortSignal.timeout(this.patience);
    const begin = performance.now();
    try {
      const answer = await this.follow(request, AbortSignal.any([signal, late]));
      return { ...answer, milliseconds: performance.now() - begin };
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw unavailable(
        nameOf(request.url),
        late.aborted ? `no answer within ${this.patience / 1000} s` : sentenceOf(error),
      );
    }
  }

  private async follow(request: OutboundRequest, signal: AbortSignal): Promise<RawAnswer> {
    const redirecting = request.body === null ? REDIRECTS_OF_A_GET : REDIRECTS;
    let at = request.url;
    for (let redirects = 0; redirects <= LONGEST_CHAIN; redirects += 1) {
      this.require(at);
      const answer = await sendOnce({ ...request, url: at }, guardedLookup(this.rules, this.resolve), signal);
      const next = redirecting.has(answer.status) ? nextOf(at, answer.location) : null;
      if (next === null) return answer;
      at = next;
    }
    throw refused(request.url, `redirects more than ${LONGEST_CHAIN} times.`);
  }

  private require(url: string): void {
    const refusal = this.refusalOf(url);
    if (refusal !== null) throw refused(url, refusal);
  }
}

/** Where a redirect leads; null where it does not say. */
function nextOf(from: string, location: string | null): string | null {
  if (location === null || !URL.canParse(location, from)) return null;
  const next = new URL(location, from);
  if (new URL(from).protocol === 'https:' && next.protocol === 'http:')
    throw refused(from, 'redirects from https to http.');
  return next.href;
}

function refused(url: string, predicate: string): DomainError {
  return new DomainError('unprocessable_entity', `The address at ${nameOf(url)} ${predicate}`);
}

/** Only the host: the rest of an address may be a secret. */
function nameOf(url: string): string {
  return URL.canParse(url) ? hostOf(new URL(url)) : 'an unknown host';
}
