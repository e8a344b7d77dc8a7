import { type DeployOutcome, type DeployState, IN_PROGRESS_DEPLOY_STATES } from '../deploy/deploy-lifecycle.js';

/** What is known of an app in an environment. */
export interface BadgeFacts {
  readonly app: string;
  readonly environment: string;
  /** The release that is current; null for none. */
  readonly release: { readonly name: string; readonly sha: string } | null;
  /** The newest deploy that does not wait for its turn; null for none. */
  readonly deploy: {
    readonly state: DeployState;
    readonly outcome: DeployOutcome | null;
    readonly rref: string;
  } | null;
}

/** What a badge says, and in what colour: `#rrggbb`. */
export interface Badge {
  readonly label: string;
  readonly message: string;
  readonly color: string;
}

/** Each is dark enough for white letters on it: a contrast of 4.5 or more. */
const COLORS = { good: '#2a7f3f', busy: '#1a6fb0', bad: '#b3261e', none: '#5f6368' } as const;

/** So many letters of a commit are shown. */
const SHORT = 7;

/** Says how an app in an environment stands: a deploy in progress before one that failed, and that before what is current. */
export function badgeOf({ app, environment, release, deploy }: BadgeFacts): Badge {
  const label = `${app} ${environment}`;
  const current = release === null ? null : `${release.name} ${release.sha.slice(0, SHORT)}`;
  if (deploy !== null && IN_PROGRESS.has(deploy.state))
    return { label, message: `deploying ${deploy.rref.slice(0, SHORT)}`, color: COLORS.busy };
  if (deploy?.state === 'failed' && !WITHDRAWN.has(deploy.outcome))
    return { label, message: current === null ? 'failed' : `${current}, last failed`, color: COLORS.bad };
  return current === null
    ? { label, message: 'not deployed', color: COLORS.none }
    : { label, message: current, color: COLORS.good };
}

const IN_PROGRESS: ReadonlySet<DeployState> = new Set(IN_PROGRESS_DEPLOY_STATES);

/** Nothing broke where people or later deploys said so. */
const WITHDRAWN: ReadonlySet<DeployOutcome | null> = new Set<DeployOutcome | null>(['canceled', 'superseded']);
