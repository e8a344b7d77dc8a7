/** What an instance is named and labelled by. */
export interface InstanceKey {
  readonly app: string;
  readonly environment: string;
  readonly worker: string;
  readonly slot: number;
  readonly deployId: string;
  readonly attempt: number;
}

/** `sample-production-web-1-d42`, and from the second container of the same slot and deploy on `…-d42-a2`. */
export function containerName(key: InstanceKey): string {
  const again = key.attempt > 1 ? `-a${key.attempt}` : '';
  return `${key.app}-${key.environment}-${key.worker}-${key.slot}-d${key.deployId}${again}`;
}

/** The labels by which observed state is rebuilt from Docker alone, and by which "ours" is proven before anything is removed. */
export const LABELS = {
  app: 'io.jockey.app',
  environment: 'io.jockey.environment',
  worker: 'io.jockey.worker',
  slot: 'io.jockey.slot',
  deploy: 'io.jockey.deploy',
  attempt: 'io.jockey.attempt',
  sha: 'io.jockey.sha',
  build: 'io.jockey.build',
  run: 'io.jockey.run',
} as const;

/** The labels of an instance's container. */
export function containerLabels(key: InstanceKey, sha: string): Record<string, string> {
  return {
    [LABELS.app]: key.app,
    [LABELS.environment]: key.environment,
    [LABELS.worker]: key.worker,
    [LABELS.slot]: String(key.slot),
    [LABELS.deploy]: key.deployId,
    [LABELS.attempt]: String(key.attempt),
    [LABELS.sha]: sha,
  };
}
