/** Something that this machine lacks, in one sentence, and how to go on. Shown without a stack trace. */
export class SetupFailure extends Error {
  constructor(
    sentence: string,
    readonly wayOut: string,
  ) {
    super(`${sentence}\n  ${wayOut}`);
    this.name = 'SetupFailure';
  }
}

/** What went wrong, in one line. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
