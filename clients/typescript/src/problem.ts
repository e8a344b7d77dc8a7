import type { Schemas } from './types.js';

/** An answer of Jockey that is no success. */
export class JockeyProblem extends Error {
  constructor(
    readonly status: number,
    /** What Jockey says of it; null where something else answered, as a proxy. */
    readonly problem: Schemas['Problem'] | null,
  ) {
    super(problem?.detail ?? `the answer has the status ${status}`);
    this.name = 'JockeyProblem';
  }

  /** One of the closed list of codes; null where something else answered. */
  get code(): Schemas['ErrorCode'] | null {
    return this.problem?.error.code ?? null;
  }

  /** What is wrong by field; empty where the input is not at fault. */
  get fields(): readonly Schemas['FieldError'][] {
    return this.problem?.errors ?? [];
  }
}

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer; throws {@link JockeyProblem} where it is no success. */
export async function ok<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok && data !== undefined) return data;
  throw new JockeyProblem(response.status, isProblem(error) ? error : null);
}

function isProblem(body: unknown): body is Schemas['Problem'] {
  return typeof body === 'object' && body !== null && 'detail' in body && 'error' in body;
}
