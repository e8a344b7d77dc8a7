import type { Response } from 'express';

/** The first answer to a repeated POST: thrown, because nothing else of the request may run. */
export class ReplayedAnswer extends Error {
  constructor(
    readonly status: number,
    private readonly body: unknown,
  ) {
    super('this POST was answered before');
    this.name = 'ReplayedAnswer';
  }

  /** Sends it again. */
  write(response: Response): void {
    response
      .status(this.status)
      .setHeader('Idempotency-Replayed', 'true')
      .type(this.status >= 400 ? 'application/problem+json' : 'application/json')
      .send(JSON.stringify(this.body));
  }
}
