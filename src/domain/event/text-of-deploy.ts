import type { EventKind } from './event-kind.js';

/** What an event of a deploy says in a chat. */
export interface ToldDeploy {
  readonly text: string;
  /** Whether nothing more happens to the deploy. */
  readonly isEnd: boolean;
}

interface DeployEvent {
  readonly kind: EventKind;
  readonly subjectId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One line on what became of a deploy; null for what nobody waits for. */
export function textOfDeploy({ kind, subjectId, data }: DeployEvent): ToldDeploy | null {
  const reason = typeof data['failure_reason'] === 'string' ? ` ${data['failure_reason']}` : '';
  const outcome = typeof data['outcome'] === 'string' ? ` (${data['outcome'].replaceAll('_', ' ')})` : '';
  const paused = typeof data['paused_because'] === 'string' ? ` ${data['paused_because']}` : '';
  switch (kind) {
    case 'deploy.deploying':
      return { text: `Deploy ${subjectId}: its containers are being started.`, isEnd: false };
    case 'deploy.paused':
      return { text: `Deploy ${subjectId} is paused.${paused}`, isEnd: false };
    case 'deploy.deployed':
      return { text: `Deploy ${subjectId} is deployed.`, isEnd: true };
    case 'deploy.failed':
      return { text: `Deploy ${subjectId} failed${outcome}.${reason}`, isEnd: true };
    default:
      return null;
  }
}
