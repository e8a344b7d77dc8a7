/** What is asked: an address, and the host name that a router is asked by where it is another. */
export interface ProbeTarget {
  /** `http://router/path` */
  readonly url: string;
  /** Stands in the `Host` header; null for the host of the URL. */
  readonly host: string | null;
}

/** An answer that came to its end. */
export interface ProbeAnswer {
  readonly status: number;
  /** From the first byte asked to the last byte answered. */
  readonly milliseconds: number;
}

/** Asks by HTTP what a user would, each time on a connection of its own, as routers choose for each connection. */
export interface HttpProbe {
  /**
   * One GET; redirects are answers and are not followed. What is refused, broken off or not answered to its end in
   * time rejects with a DomainError `unavailable` that names the address.
   */
  get(target: ProbeTarget, timeoutMs: number, signal: AbortSignal): Promise<ProbeAnswer>;
}

/** Injection token of {@link HttpProbe}. */
export const HTTP_PROBE = Symbol('HttpProbe');
