import { ok } from '../../../typescript/src/index.js';
import type { Context } from '../context.js';
import { failed, usage } from '../errors.js';
import type { Run } from '../verb.js';
import { stayWith, type Subject } from './follow.js';

const KINDS: ReadonlySet<string> = new Set(['deploy', 'build', 'reconcile', 'run'] satisfies Subject['kind'][]);

/** Watches what was begun. */
export const wait: Run = async (context, given) => {
  const [kind, id] = [given.maybe('KIND'), given.maybe('ID')];
  if (kind === undefined) return stayWith(context, given, await lastDeploy(context));
  if (id === undefined) return stayWith(context, given, { kind: 'deploy', id: numberOf(kind) });
  return stayWith(context, given, { kind: kindOf(kind), id: numberOf(id) });
};

async function lastDeploy(context: Context): Promise<Subject> {
  const place = await context.place();
  const query = { ...place, per_page: 10 };
  const { data } = await ok(context.client.GET('/deploys', { params: { query } }));
  const open = data.findLast(({ completed_at, queued }) => completed_at === null && !queued);
  const found = open ?? data[0];
  if (found === undefined) throw failed(`${place.app} was never deployed to ${place.environment}.`);
  return { kind: 'deploy', id: found.id };
}

function kindOf(word: string): Subject['kind'] {
  const kind = word.replace(/s$/, '');
  if (!KINDS.has(kind)) throw usage(`"${word}" cannot be waited for: say deploy, build, reconcile or run.`);
  return kind as Subject['kind'];
}

function numberOf(word: string): string {
  if (/^\d{1,18}$/.test(word)) return word;
  throw usage(`"${word}" is no number of a deploy.`, 'As in `jockey wait deploy 17`.');
}
