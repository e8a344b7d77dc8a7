/** A number that somebody else knows. */
export interface MetricQuestion {
  /** `prometheus` asks a PromQL query; `http_json` reads a number out of a JSON document. */
  readonly kind: 'prometheus' | 'http_json';
  /** Base URL of the Prometheus, or of the document. */
  readonly url: string;
  /** The PromQL query, or the JSON pointer (RFC 6901) to the number. */
  readonly query: string;
}

/** Numbers by which workers are scaled, at addresses that people gave; they are called by the rules of OutboundHttp. */
export interface MetricSource {
  /** Why the address will not be called, as far as it says by itself; a predicate sentence, or null. Nothing is asked. */
  refusalOf(url: string): string | null;
  /**
   * The number as it is now, finite and not below 0. Rejects with a DomainError, a sentence that names the host and nothing
   * else of the address: `unprocessable_entity` for an answer in which there is no such number (nothing found, many values,
   * NaN, text) and for what is not allowed, `unavailable` for what may pass.
   */
  read(question: MetricQuestion, signal: AbortSignal): Promise<number>;
}

/** Injection token of {@link MetricSource}. */
export const METRIC_SOURCE = Symbol('MetricSource');
