import type { DeployOutcome, DeployState } from '../deploy/deploy-lifecycle.js';
import type { StatusWords } from './build-status.js';

/** A deploy, as far as others are told of it. */
export interface ReportedDeploy {
  readonly id: string;
  readonly state: DeployState;
  readonly outcome: DeployOutcome | null;
  readonly queued: boolean;
  readonly failureReason: string | null;
  readonly pausedBecause: string | null;
}

/** How GitHub shows a deployment: https://docs.github.com/en/rest/deployments/statuses. */
export type DeploymentWord = 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive';

/** Outcomes that say nothing against the commit: somebody wanted something else. */
const GAVE_WAY: ReadonlySet<DeployOutcome | null> = new Set<DeployOutcome | null>(['superseded', 'canceled']);

/** Name of the mark of deploys to an environment. */
export const deployContext = (environment: string): string => `jockey/${environment}`;

/** The tag that names the commit which an environment runs. */
export const environmentTag = (environment: string): string => `jockey/${environment}`;

/** What a commit is marked with for its newest deploy to an environment. One that a later deploy replaced did succeed. */
export function deployStatus(deploy: ReportedDeploy): StatusWords {
  const { state, outcome } = deploy;
  const description = sentenceOf(deploy);
  if (state === 'deployed' || state === 'stopped') return { state: 'success', description };
  if (state === 'failed') return { state: GAVE_WAY.has(outcome) ? 'error' : 'failure', description };
  return { state: 'pending', description };
}

/** How its deployment stands. */
export function deploymentWord({ state, outcome }: ReportedDeploy): DeploymentWord {
  if (state === 'deploying') return 'in_progress';
  if (state === 'deployed') return 'success';
  if (state === 'stopped') return 'inactive';
  if (state === 'failed') return GAVE_WAY.has(outcome) ? 'inactive' : 'failure';
  return 'queued';
}

/** How it stands, or why it failed. */
export function sentenceOf({ id, state, queued, failureReason, pausedBecause }: ReportedDeploy): string {
  if (state === 'failed') return failureReason ?? `Deploy ${id} failed.`;
  if (state === 'deployed') return `Deploy ${id} serves.`;
  if (state === 'stopped') return `Deploy ${id} served, until a later one took its place.`;
  if (queued) return `Deploy ${id} waits for the one before it.`;
  if (pausedBecause !== null) return `Deploy ${id} is paused: ${pausedBecause}`;
  return state === 'deploying' ? `Deploy ${id} is being rolled out.` : `Deploy ${id} waits for its build.`;
}
