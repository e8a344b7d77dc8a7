import { idempotent, JockeyProblem, ok } from '../../../typescript/src/index.js';
import { Fault } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { Run } from '../verb.js';
import { follow } from './follow.js';

/** Deploys a commit, and watches it. */
export const deploy: Run = async (context, given) => {
  const rref = given.maybe('SHA') ?? (await context.head());
  const callback_url = given.text('callbackUrl');
  const body = {
    ...(await context.place()),
    ...{ rref, queue: given.flag('queue'), force: given.flag('force'), automatic: given.flag('automatic') },
    ...(callback_url === undefined ? {} : { callback_url }),
  };
  const { data } = await ok(context.client.POST('/deploys', { params: idempotent(), body })).catch(told);
  return follow(context, given, { kind: 'deploy', id: data.id });
};

/** Who deploys by hand is told the words of this program for what stands in the way. */
function told(error: unknown): never {
  if (!(error instanceof JockeyProblem) || error.code !== 'resource_locked') throw error;
  const hint = '`jockey wait` watches what is in progress; --queue waits for it, --force takes its place.';
  throw new Fault(error.message, EXIT.refused, hint, error.code);
}
