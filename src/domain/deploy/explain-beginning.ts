import { explainRoom } from './explain-room.js';
import { type DeployFacts, type ExplainedPart, isPaused, isSettled, part, timeOf } from './explanation.js';

/** What comes before anything is moved: asked, queue, build, engine, placement, release command. */
export function explainBeginning(facts: DeployFacts): ExplainedPart[] {
  const parts = [
    asked(facts),
    queue(facts),
    build(facts),
    engine(facts),
    explainRoom(facts) ?? placement(facts),
    releaseCommand(facts),
  ];
  return parts.filter((each) => each !== null);
}

const KIND_WORDS = { deploy: 'A deploy', rollback: 'A rollback', promotion: 'A promotion', config: 'A roll' };

function asked({ deploy }: DeployFacts): ExplainedPart {
  const what = `${KIND_WORDS[deploy.kind]} of ${deploy.app} (${deploy.sha.slice(0, 12)}) to ${deploy.environment}`;
  const by = deploy.automatic ? 'was asked for by no person' : 'was asked for';
  return part({
    step: 'asked',
    state: 'done',
    sentence: `${what} ${by} at ${timeOf(deploy.createdAt)}.`,
    since: deploy.createdAt,
  });
}

function queue({ deploy, before, hold, queueMode }: DeployFacts): ExplainedPart | null {
  if (isSettled(deploy)) return null;
  if (deploy.automatic && hold !== null) {
    const way = `DELETE /apps/${deploy.app}/hold?environment=${deploy.environment} releases it`;
    const sentence = `A hold keeps automatic deploys out since ${timeOf(hold.since)}: ${hold.reason}; ${way}.`;
    return part({ step: 'queue', state: 'blocked', sentence, since: hold.since });
  }
  if (!deploy.queued) return null;
  if (before === null)
    return part({ step: 'queue', state: 'current', sentence: 'It is the next of the queue.', since: deploy.createdAt });
  const others =
    queueMode === 'latest_wins' ? ' A newer one that waits would take its place (deploy_queue is latest_wins).' : '';
  const sentence = `It waits for deploy ${before.id}, which is in progress (${before.state}) since ${timeOf(before.since)}.${others}`;
  return part({ step: 'queue', state: 'blocked', sentence, since: deploy.createdAt });
}

function build({ build: of, deploy }: DeployFacts): ExplainedPart {
  if (of === null) return part({ step: 'build', state: 'failed', sentence: 'Its build is gone.' });
  const name = `Build ${of.id} of ${deploy.sha.slice(0, 12)}`;
  const base = { step: 'build' as const, since: of.completedAt ?? of.createdAt };
  if (of.state === 'completed') return part({ ...base, state: 'done', sentence: `${name} is there.` });
  if (of.state === 'failed')
    return part({ ...base, state: 'failed', sentence: `${name} failed: ${of.failureReason ?? 'no reason is known'}.` });
  if (of.lease === null) {
    const sentence = `${name} waits since ${timeOf(of.createdAt)} for an engine that has a place for it free; is one running?`;
    return part({ ...base, state: 'blocked', sentence });
  }
  const where = of.host === null ? '' : ` on host ${of.host}`;
  const sentence = `${name} is made${where} by engine ${of.lease.holder} since ${timeOf(of.lease.since)}; GET /builds/${of.id}/logs follows it.`;
  return part({ ...base, state: 'current', sentence, since: of.lease.since, until: of.lease.until });
}

function engine(facts: DeployFacts): ExplainedPart | null {
  const { deploy, engine: lease, now } = facts;
  if (isSettled(deploy)) return null;
  if (lease !== null && lease.until > now) {
    const sentence = `Engine ${lease.holder} works on ${deploy.app} in ${deploy.environment} since ${timeOf(lease.since)}; its lease runs until ${timeOf(lease.until)} and is renewed.`;
    return part({ step: 'engine', state: 'done', sentence, since: lease.since, until: lease.until });
  }
  const rests = restsBecause(facts);
  if (rests !== null)
    return part({ step: 'engine', state: 'waiting', sentence: `No engine has to work on it ${rests}.` });
  const since = lease?.until ?? deploy.createdAt;
  const sentence = `No engine works on it since ${timeOf(since)}; is one running? One that runs takes it within a minute.`;
  return part({ step: 'engine', state: 'blocked', sentence, since });
}

/** Why there is nothing to do for an engine; null where there is. */
function restsBecause({ deploy, build: of, before, room }: DeployFacts): string | null {
  if (deploy.queued && before !== null) return 'while it waits in the queue';
  if (of?.state === 'in_progress') return 'before the build is there';
  if (room !== null) return 'before a host comes that has room for it';
  return isPaused(deploy) ? 'while it is paused' : null;
}

function releaseCommand({ deploy, hasReleaseCommand }: DeployFacts): ExplainedPart | null {
  const run = deploy.releaseCommand;
  const step = 'release_command' as const;
  if (run === null) {
    if (!hasReleaseCommand || isSettled(deploy) || deploy.kind === 'rollback') return null;
    return part({
      step,
      state: 'waiting',
      sentence: 'The release command runs when there is a place for everything, before anything is moved.',
    });
  }
  const where = `on host ${run.host} (container ${run.containerName})`;
  if (run.state === 'running') {
    const sentence = `The release command runs ${where} since ${timeOf(run.startedAt)}; GET /deploys/${deploy.id}/logs shows what it says.`;
    return part({ step, state: 'current', sentence, since: run.startedAt });
  }
  if (run.state === 'succeeded')
    return part({ step, state: 'done', sentence: `The release command ran ${where}.`, since: run.startedAt });
  const code = run.exitCode === null ? '' : ` with exit code ${run.exitCode}`;
  const sentence = `The release command failed ${where}${code}; nothing was moved.`;
  return part({ step, state: 'failed', sentence, since: run.startedAt });
}

function placement({ deploy, fresh, workers }: DeployFacts): ExplainedPart {
  const step = 'placement' as const;
  if (deploy.outcome === 'not_placed') {
    const sentence = `There is no room for it: ${deploy.failureReason ?? 'no reason is known'}`;
    return part({ step, state: 'failed', sentence, since: deploy.completedAt });
  }
  if (fresh.length > 0) {
    const counts = new Map<string, number>();
    for (const { instance } of fresh) counts.set(instance.host, (counts.get(instance.host) ?? 0) + 1);
    const hosts = [...counts].sort().map(([host, count]) => `${count} on ${host}`);
    const sentence = `${count(fresh.length, 'place')} reserved: ${hosts.join(', ')}.`;
    return part({ step, state: 'done', sentence, since: deploy.deployingAt ?? deploy.createdAt });
  }
  if (workers.every(({ scale }) => scale === 0)) {
    const sentence =
      'There is nothing to place: no worker has a scale above 0; PUT /workers/rescale gives one a scale.';
    return part({ step, state: 'done', sentence });
  }
  const words = isSettled(deploy) ? 'No place was reserved.' : 'No place is reserved yet.';
  return part({ step, state: 'waiting', sentence: words });
}

function count(number: number, noun: string): string {
  return number === 1 ? `1 ${noun} is` : `${number} ${noun}s are`;
}
