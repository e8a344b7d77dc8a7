import { timeOf, type ExplainedPart, type Explanation } from '../../domain/deploy/explanation.js';
import type { DeployRow } from '../../store/entities/index.js';
import { isSettled } from '../../store/repositories/deploys.js';
import type { DeployExplanationDto, ExplainedStepDto } from './explain.dto.js';

/** An explanation as it stands on the wire. */
export function viewOf(deploy: DeployRow, { answer, steps }: Explanation): DeployExplanationDto {
  const { id, state } = deploy;
  return { id, state, outcome: isSettled(deploy) ? deploy.outcome : null, answer, steps: steps.map(stepOf) };
}

function stepOf({ step, state, sentence, since, until, worker, instances }: ExplainedPart): ExplainedStepDto {
  return {
    ...{ step, state, sentence, worker },
    since: since === null ? null : timeOf(since),
    until: until === null ? null : timeOf(until),
    instances: instances.map(({ instance, sentence: waits_for }) => ({
      instance: instance.containerName,
      ...{ slot: instance.slot, host: instance.host, state: instance.state, wave: instance.wave, waits_for },
    })),
  };
}
