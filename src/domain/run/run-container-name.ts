/** The container of a run: `sample-production-run-r17`. No instance's name has this form. */
export function runContainerName(app: string, environment: string, runId: string): string {
  return `${app}-${environment}-${RUN_WORKER}-r${runId}`;
}

/** What stands in the place of the worker's name in the labels of its container. */
export const RUN_WORKER = 'run';

/** What stands in the place of the slot: instances have 1 and up. */
export const RUN_SLOT = 0;
