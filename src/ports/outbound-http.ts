/** What is sent, as a POST. */
export interface OutboundPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is asked for, as a GET. */
export type OutboundGet = Omit<OutboundPost, 'body'>;

/** What came back in the end, after redirects. */
export interface OutboundAnswer {
  readonly status: number;
  /** The beginning of the answer; what is no UTF-8 is replaced. */
  readonly body: string;
  /** Seconds that the receiver asks to wait before the next; null where it says nothing. */
  readonly retryAfter: number | null;
  /** From the first byte asked to the last byte read. */
  readonly milliseconds: number;
}

/**
 * Calls addresses that people gave. Nothing is sent to the own machine or network unless OUTBOUND_ALLOW lists it: judged is the
 * address that is connected to, of each redirect too.
 */
export interface OutboundHttp {
  /** Why an address will not be called, as far as it says by itself; a predicate sentence, or null. Nothing is asked. */
  refusalOf(url: string): string | null;
  /**
   * Sends it. Redirects are followed, at most three and never from https to http; an answer of any status is an answer.
   * Rejects with a DomainError that names the host and nothing else of the address: `unprocessable_entity` for what is not
   * allowed, `unavailable` for what may pass: refused, broken off, or longer than ten seconds.
   */
  post(post: OutboundPost, signal: AbortSignal): Promise<OutboundAnswer>;
  /** Asks for it; as {@link post} in all else. */
  get(get: OutboundGet, signal: AbortSignal): Promise<OutboundAnswer>;
}

/** Injection token of {@link OutboundHttp}. */
export const OUTBOUND_HTTP = Symbol('OutboundHttp');
