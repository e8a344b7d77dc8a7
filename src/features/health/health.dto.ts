/** The process answers. */
export class LivenessDto {
  /** Always `ok`. */
  status!: string;
}

/** One part that Jockey needs. */
export class DependencyDto {
  /** `postgres`, `redis` or `consul`. */
  name!: string;

  /** Whether it answers. */
  ok!: boolean;

  /** How long it took, in milliseconds. */
  milliseconds!: number;

  /** What is wrong, without details, because everybody may read it; null while ok. Jockey's log tells more. */
  error!: string | null;
}

/** Whether Jockey can work. */
export class ReadinessDto {
  /** `ok`; `degraded` without Redis or Consul: requests are answered, deploys may wait; `unavailable` without Postgres. */
  status!: string;

  /** Each part. */
  dependencies!: DependencyDto[];
}

/** Liveness as an answer shows it. */
export const LIVENESS_EXAMPLE: LivenessDto = { status: 'ok' };

const answers = (name: string, milliseconds: number): DependencyDto => ({ name, ok: true, milliseconds, error: null });

/** Readiness as an answer shows it. */
export const READINESS_EXAMPLE: ReadinessDto = {
  status: 'ok',
  dependencies: [answers('postgres', 1), answers('redis', 1), answers('consul', 3)],
};

/** Readiness while Postgres is away. */
export const UNREADY_EXAMPLE: ReadinessDto = {
  status: 'unavailable',
  dependencies: [
    { name: 'postgres', ok: false, milliseconds: 2, error: 'postgres does not answer' },
    answers('redis', 1),
    answers('consul', 3),
  ],
};
