import { explainBeginning } from './explain-beginning.js';
import { explainEnd } from './explain-end.js';
import { explainCanaries, explainWorkers } from './explain-workers.js';
import type { DeployFacts, ExplainedInstance, ExplainedPart, Explanation } from './explanation.js';
import { isSettled, timeOf } from './explanation.js';

/** Answers "why is it not where I asked": every station in its order, and the one that counts as one sentence. */
export function explainDeploy(facts: DeployFacts): Explanation {
  const steps = [...explainBeginning(facts), ...explainWorkers(facts), ...explainCanaries(facts), ...explainEnd(facts)];
  return { answer: answerOf(facts, steps), steps };
}

function answerOf(facts: DeployFacts, steps: readonly ExplainedPart[]): string {
  const { deploy } = facts;
  const name = `Deploy ${deploy.id} of ${deploy.app} to ${deploy.environment}`;
  if (isSettled(deploy)) return steps.at(-1)?.sentence ?? name;
  const counts = steps.find(isAnswer);
  if (counts === undefined) return `${name} is in progress (${deploy.state}) since ${timeOf(deploy.createdAt)}.`;
  return `${name} is not there yet: ${lowered(counts.sentence)}${exampleOf(counts)}`;
}

/** What stands in the way goes before what only takes its time: of all parts, the first that is not done. */
function isAnswer({ state, step }: ExplainedPart, _index: number, all: readonly ExplainedPart[]): boolean {
  const reverting = all.some((each) => each.step === 'revert');
  if (reverting) return step === 'revert';
  if (all.some((each) => each.state === 'blocked')) return state === 'blocked';
  return state === 'failed' || state === 'current';
}

/** What the first instance behind waits for. */
function exampleOf({ instances }: ExplainedPart): string {
  const first: ExplainedInstance | undefined =
    instances.find(({ instance }) => instance.state !== 'planned') ?? instances[0];
  if (first === undefined) return '';
  return ` Of ${first.instance.spec.name} ${first.instance.slot} on ${first.instance.host}: ${first.sentence}.`;
}

/** A sentence as it stands behind a colon; names of workers keep their case. */
function lowered(sentence: string): string {
  return `${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}
