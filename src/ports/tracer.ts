/** Facts of a span: short words and numbers, never a secret and nothing that a caller wrote. */
export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** What begins. */
export interface SpanStart {
  /** Of few different ones: `GET /apps/:id`, `step start`. */
  readonly name: string;
  /** `server` answers somebody, `client` asks somebody else, `internal` does neither. */
  readonly kind: 'server' | 'client' | 'internal';
  /** The span that this one is part of, as W3C Trace Context writes it; null for a trace of its own. */
  readonly parent: string | null;
  readonly facts?: SpanFacts;
  /** When it began, where that is not now. */
  readonly at?: Date;
}

/** Something that takes time. */
export interface Span {
  /** By which others become part of it; null where nothing is traced. */
  readonly traceparent: string | null;
  /** Says more of it, and names it anew where its name is known only now. */
  tell(facts: SpanFacts, name?: string): void;
  /** Ends it; `fault` says in a word that it failed. */
  end(fault?: string | null): void;
}

/** Where spans go. It never throws and never waits: what cannot be handed on is lost. */
export interface Tracer {
  begin(start: SpanStart): Span;
  /** Hands on what is left. */
  close(): Promise<void>;
}

/** Injection token of {@link Tracer}. */
export const TRACER = Symbol('Tracer');

/** Traces nothing, and hands the trace of a caller on as it came. */
export const NO_TRACES: Tracer = {
  begin: ({ parent }) => ({ traceparent: parent, tell: () => undefined, end: () => undefined }),
  close: async () => undefined,
};

/** Runs something as a span; what it throws is its fault. `faultOf` finds one in an answer. */
export async function traced<T>(
  span: Span,
  run: () => Promise<T>,
  faultOf: (answer: T) => string | null = () => null,
): Promise<T> {
  try {
    const answer = await run();
    span.end(faultOf(answer));
    return answer;
  } catch (error) {
    span.end(error instanceof Error ? error.name : 'fault');
    throw error;
  }
}
