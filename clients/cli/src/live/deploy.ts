import { idempotent, ok } from '../../../typescript/src/index.js';
import type { Run } from '../verb.js';
import { follow } from './follow.js';

/** Deploys a commit, and watches it. */
export const deploy: Run = async (context, given) => {
  const rref = given.maybe('SHA') ?? (await context.head());
  const callback_url = given.text('callbackUrl');
  const body = {
    ...(await context.place()),
    ...{ rref, queue: given.flag('queue'), force: given.flag('force') },
    ...(callback_url === undefined ? {} : { callback_url }),
  };
  const { data } = await ok(context.client.POST('/deploys', { params: idempotent(), body }));
  return follow(context, given, { kind: 'deploy', id: data.id });
};
