/** The variable by which everything that a run began in an instance is known there. */
export const execMark = (runId: string): { readonly name: string; readonly value: string } => ({
  name: 'JOCKEY_RUN',
  value: runId,
});
