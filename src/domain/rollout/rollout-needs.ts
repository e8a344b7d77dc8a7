import type { Instance } from '../instance/instance.js';
import type { Leaving } from '../placement/place-waves.js';
import type { MissingInstance, WantedWorker } from '../reconcile/reconcile-snapshot.js';
import { leavingOf } from './leaving.js';
import { rolloutSlots, type RolloutSlot } from './waves.js';

/** What a rollout begins from. */
export interface RolloutBeginning {
  /** The deploy that is rolled out. */
  readonly deployId: string;
  /** The workers as they are rolled out. */
  readonly workers: readonly WantedWorker[];
  /** Every living instance of the app in the environment. */
  readonly instances: readonly Instance[];
  /** The deploy that is current; null for none. */
  readonly currentDeployId: string | null;
}

/** What a rollout needs a place for, and the room that it makes on its way. */
export interface RolloutNeeds {
  readonly missing: readonly MissingInstance[];
  readonly leaving: readonly Leaving[];
}

/** Every slot in its wave, with the room that the old make on the way. A plan and the real rollout both begin here. */
export function rolloutNeeds({ deployId, workers, instances, currentDeployId }: RolloutBeginning): RolloutNeeds {
  const old = instances.filter((each) => each.deployId !== deployId);
  const serving = new Set(old.filter(({ state }) => state === 'healthy').map(({ workerId }) => workerId));
  const slots = workers.flatMap((worker) => rolloutSlots(worker, serving.has(worker.workerId)));
  return {
    missing: slots.map((each) => missingOf(each, deployId)),
    leaving: leavingOf(old, slots, currentDeployId),
  };
}

function missingOf({ worker, slot, wave, standby }: RolloutSlot, deployId: string): MissingInstance {
  const because = `deploy ${deployId}`;
  return { worker, slot, deployId, wave, standby, attempt: 1, onlyHost: null, predecessor: null, because };
}
