import type { DeployRow } from '../../store/entities/index.js';
import { isWaiting } from '../../store/repositories/around-deploys.js';
import { isSettled } from '../../store/repositories/deploys.js';

/** What is around a deploy that its caller should know of. */
export interface NoticeFacts {
  readonly instances: number;
  /** Of all workers together. */
  readonly scale: number;
  /** The deploy that holds its place; null where none does. */
  readonly inProgress: DeployRow | null;
  /** See `position` of the deploy. */
  readonly position: number | null;
}

/** What a caller may not expect of a deploy; null where all is plain. */
export function noticeOf(deploy: DeployRow, facts: NoticeFacts): string | null {
  const notices = [waits(deploy, facts), isTakenBack(deploy), isPaused(deploy), startsNothing(deploy, facts)];
  return joined(notices);
}

/** Sentences one after the other; null where there are none. */
export function joined(sentences: readonly (string | null)[]): string | null {
  const said = sentences.filter((sentence) => sentence !== null);
  return said.length === 0 ? null : said.join(' ');
}

function waits(deploy: DeployRow, { inProgress, position }: NoticeFacts): string | null {
  if (!isWaiting(deploy)) return null;
  const first = inProgress === null ? 'its turn' : `deploy ${inProgress.id} (${inProgress.state}) to end`;
  const before = (position ?? 1) - 1;
  return `It waits for ${first}${before === 0 ? '' : `, and ${before} more before it`}.`;
}

function isTakenBack(deploy: DeployRow): string | null {
  if (isSettled(deploy) || (deploy.failingAt === null && deploy.cancelRequestedAt === null)) return null;
  return 'It is being taken back: it ends as failed when what was there before serves again.';
}

function isPaused({ id, pausedAt, pausedBecause, failingAt, state }: DeployRow): string | null {
  if (pausedAt === null || failingAt !== null || state !== 'deploying') return null;
  const why = pausedBecause === null ? '' : `: ${pausedBecause}`;
  return `It is paused${why}. POST /deploys/${id}/continue lets it go on, POST /deploys/${id}/cancel takes it back.`;
}

function startsNothing(deploy: DeployRow, { instances, scale }: NoticeFacts): string | null {
  if (instances > 0) return null;
  if (deploy.state === 'deployed') return `Nothing was started: every worker was at scale 0. ${TO_START}`;
  if (isSettled(deploy) || scale > 0) return null;
  return `Nothing will be started: there is no worker with a scale above 0. ${TO_START}`;
}

const TO_START = 'PUT /workers/rescale gives one a scale, and its instances are started then.';
