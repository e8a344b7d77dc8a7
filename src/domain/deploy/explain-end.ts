import { type DeployFacts, type ExplainedPart, isPaused, isSettled, part, timeOf } from './explanation.js';

/** What may stop a deploy on its way, and its end. */
export function explainEnd(facts: DeployFacts): ExplainedPart[] {
  return [pause(facts), revert(facts), end(facts)].filter((each) => each !== null);
}

function pause({ deploy }: DeployFacts): ExplainedPart | null {
  const { pausedAt, id } = deploy;
  if (pausedAt === null || !isPaused(deploy)) return null;
  const why = deploy.pausedBecause ?? 'no reason is known';
  const ways = `POST /deploys/${id}/continue lets it go on, POST /deploys/${id}/cancel takes it back`;
  const sentence = `It is paused since ${timeOf(pausedAt)}: ${why}; ${ways}.`;
  return part({ step: 'pause', state: 'blocked', sentence, since: pausedAt });
}

function revert(facts: DeployFacts): ExplainedPart | null {
  const { deploy } = facts;
  const since = deploy.failingAt ?? deploy.cancelRequestedAt;
  if (since === null || deploy.state === 'deployed' || deploy.state === 'stopped') return null;
  const why =
    deploy.cancelRequestedAt === null
      ? `It failed: ${deploy.failureReason ?? 'no reason is known'}`
      : `It was canceled at ${timeOf(deploy.cancelRequestedAt)}`;
  if (isSettled(deploy)) {
    const incomplete = deploy.outcome === 'revert_incomplete';
    const result = incomplete
      ? 'what was there before could not be put back in time, and the reconcile goes on with it'
      : 'what was there before is there again';
    return part({ step: 'revert', state: incomplete ? 'failed' : 'done', sentence: `${why}; ${result}.`, since });
  }
  return part({ step: 'revert', state: 'current', sentence: `${why}; ${leftWords(facts)}.`, since });
}

function leftWords({ fresh, old }: DeployFacts): string {
  const left = fresh.filter(({ instance }) => instance.state !== 'stopped').length;
  const back = old.filter(({ state }) => state !== 'healthy').length;
  const removed =
    left === 0
      ? 'the new instances are gone'
      : `${left} new ${left === 1 ? 'instance is' : 'instances are'} still taken away`;
  return back === 0
    ? removed
    : `${removed}, and ${back} of those before ${back === 1 ? 'is' : 'are'} not healthy again yet`;
}

function end({ deploy, fresh }: DeployFacts): ExplainedPart {
  const name = `Deploy ${deploy.id} of ${deploy.app} to ${deploy.environment}`;
  const since = deploy.completedAt;
  const at = since === null ? '' : ` since ${timeOf(since)}`;
  const step = 'end' as const;
  switch (deploy.state) {
    case 'deployed': {
      const many = fresh.filter(({ instance }) => instance.state === 'healthy').length;
      const sentence = `${name} is where it was asked for${at}: ${many} of its instances ${many === 1 ? 'is' : 'are'} healthy.`;
      return part({ step, state: 'done', sentence, since });
    }
    case 'stopped':
      return part({ step, state: 'done', sentence: `${name} was there, and a later one has taken its place.`, since });
    case 'failed': {
      const sentence = `${name} failed (${deploy.outcome ?? 'no outcome'})${at}: ${deploy.failureReason ?? 'no reason is known'}`;
      return part({ step, state: 'failed', sentence: ended(sentence), since });
    }
    case 'created':
    case 'building':
    case 'deploying':
      return part({ step, state: 'waiting', sentence: 'It has not ended.' });
  }
}

function ended(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`;
}
