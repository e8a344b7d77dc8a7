import type { Schemas } from '../../../typescript/src/index.js';
import { EXIT, type ExitCode } from '../exit-codes.js';

/**
 * What each outcome of a deploy means for a script; an outcome of a newer server that is not here counts as failed. A
 * deploy that another one took the place of is in conflict: what it had done by then the other one goes on from.
 */
const EXITS: Readonly<Record<string, ExitCode>> = {
  succeeded: EXIT.done,
  build_failed: EXIT.failed,
  release_command_failed: EXIT.failed,
  image_gone: EXIT.failed,
  config_unreadable: EXIT.failed,
  reverted: EXIT.reverted,
  timed_out: EXIT.reverted,
  revert_incomplete: EXIT.reverted,
  not_placed: EXIT.cannotPlace,
  superseded: EXIT.conflict,
};

/** The exit code for a deploy that has settled. */
export function exitOfDeploy({ state, outcome, instances = [] }: Schemas['DeployDto']): ExitCode {
  if (state === 'deployed' || state === 'stopped') return EXIT.done;
  if (outcome === 'canceled') return instances.length === 0 ? EXIT.failed : EXIT.reverted;
  return EXITS[outcome ?? ''] ?? EXIT.failed;
}

/** The exit code for a build or a reconcile that has settled. */
export function exitOfState({ state }: { readonly state: string }): ExitCode {
  return state === 'completed' ? EXIT.done : EXIT.failed;
}
