import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import { ago } from '../times.js';
import type { Run } from '../verb.js';

const sentence = ({ app, environment, reason, created_at: at }: Schemas['HoldDto']): string =>
  `Automatic deploys of ${app.name} to ${environment.name} are kept out since ${ago(at)}: ${reason}`;

/** `lock REASON` */
export const lock: Run = async (context, given) => {
  const { app, environment } = await context.place();
  const body = { environment, reason: given.rest('REASON').join(' ') };
  const { data } = await ok(context.client.POST('/apps/{id}/hold', { params: { path: { id: app } }, body }));
  context.output.data(data, () => [sentence(data), '`jockey unlock` lets them in again.']);
};

/** `lock:info` */
export const lockInfo: Run = async (context) => {
  const { app, environment } = await context.place();
  const params = { path: { id: app }, query: { environment } };
  const { data } = await ok(context.client.GET('/apps/{id}/hold', { params }));
  context.output.data(data, () => [sentence(data)]);
};

/** `unlock` */
export const unlock: Run = async (context) => {
  const { app, environment } = await context.place();
  const params = { path: { id: app }, query: { environment } };
  const { data } = await ok(context.client.DELETE('/apps/{id}/hold', { params }));
  context.output.data(data, () => [`Automatic deploys of ${app} to ${environment} come in again.`]);
};
