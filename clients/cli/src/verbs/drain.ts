import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import type { Given } from '../given.js';
import { poll } from '../poll.js';
import type { Run } from '../verb.js';

type Host = Schemas['HostDetailDto'];

/** `drain HOST` */
export const drain: Run = async (context, given) => {
  const id = given.argument('HOST');
  const begun = await update(context, given, { drain: true });
  if (!given.flag('wait')) return context.output.data(begun, (host) => [`${host.name}: ${drainLine(host)}`]);
  const { seen, exit } = await poll<Host>(context, given, {
    read: async () => (await ok(context.client.GET('/hosts/{id}', { params: { path: { id } } }))).data,
    done: ({ drain: seenDrain }) => seenDrain?.finished !== false,
    progress: drainLine,
    comeBack: `hosts:info ${id}`,
  });
  context.output.data(seen, (host) => (exit === 0 ? [`${host.name} is empty, and takes no new instances.`] : []));
  return exit;
};

function drainLine({ drain: seen }: Host): string {
  if (seen === null) return 'Nothing is on its way.';
  const waiting = seen.waiting_for[0];
  return `${seen.moved} moved, ${seen.left} left${waiting === undefined ? '' : `: ${waiting}`}`;
}

/** `cordon HOST` */
export const cordon: Run = async (context, given) => {
  const host = await update(context, given, { cordoned: true });
  context.output.data(host, ({ name }) => [`${name} takes no new instances; what runs there stays.`]);
};

/** `uncordon HOST` */
export const uncordon: Run = async (context, given) => {
  const host = await update(context, given, { cordoned: false });
  context.output.data(host, ({ name }) => [`${name} takes instances again.`]);
};

async function update({ client }: Context, given: Given, change: Schemas['UpdateHostDto']): Promise<Host> {
  const reason = given.text('reason');
  const body = {
    ...change,
    ...(reason === undefined ? {} : { reason }),
    ...(given.flag('force') ? { force: true } : {}),
  };
  const params = { path: { id: given.argument('HOST') } };
  return (await ok(client.PUT('/hosts/{id}', { params, body }))).data;
}
