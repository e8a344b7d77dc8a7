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
}

/** Whether Jockey can work. */
export class ReadinessDto {
  /** `ok`; `degraded` while requests are answered but deploys wait; `unavailable` without Postgres. */
  status!: string;

  /** Each part. */
  dependencies!: DependencyDto[];
}

/** Liveness as an answer shows it. */
export const LIVENESS_EXAMPLE: LivenessDto = { status: 'ok' };

/** Readiness as an answer shows it. */
export const READINESS_EXAMPLE: ReadinessDto = {
  status: 'ok',
  dependencies: [
    { name: 'postgres', ok: true, milliseconds: 1 },
    { name: 'redis', ok: true, milliseconds: 1 },
    { name: 'consul', ok: true, milliseconds: 3 },
  ],
};
