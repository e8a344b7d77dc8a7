/** What a delivery led to, as it was answered. */
export interface WebhookAnswer {
  readonly accepted: boolean;
  /** What was done, or why nothing was: one sentence. */
  readonly why: string;
  /** Id of the build of its commit. */
  readonly build: string | null;
  readonly deploys: readonly WebhookDeploy[];
}

/** What became of one push rule. */
export interface WebhookDeploy {
  readonly environment: string;
  /** Id of the deploy; null where none was written. */
  readonly deploy: string | null;
  /** Why none was; null where one was. */
  readonly why: string | null;
}
