import type { DeployKind } from '../deploy/deploy-lifecycle.js';

/** What is known of a release when one is looked for in the history of its app in its environment. */
export interface ReleaseFacts {
  readonly id: string;
  /** 1 and up, without gaps: the highest is current. */
  readonly number: number;
  readonly kind: DeployKind;
  /** Of a rollback: the release that it brought back. Of a promotion: one of another environment. */
  readonly fromReleaseId: string | null;
  /** The full commit id. */
  readonly sha: string;
  /** Equal for releases of the same build, config version and workers, and for no others. */
  readonly content: string;
}

/** The number of a release as people say it. */
export function releaseName({ number }: Pick<ReleaseFacts, 'number'>): string {
  return `v${number}`;
}
