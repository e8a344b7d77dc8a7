import { ok } from '../../../typescript/src/problem.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import { follow } from '../live/follow.js';
import { readList } from '../read-list.js';
import { ago } from '../times.js';
import type { Run } from '../verb.js';

/** `releases` */
export const releases: Run = async (context, given) => {
  const place = await context.place();
  const found = await readList(context, given, (paging) =>
    ok(context.client.GET('/releases', { params: { query: { ...place, ...paging } } })),
  );
  context.output.table(found, [
    { head: 'RELEASE', of: ({ number, current }) => (current ? `${number}*` : number) },
    { head: 'COMMIT', of: ({ rref }) => rref.slice(0, 7) },
    { head: 'WHEN', of: ({ created_at: at }) => ago(at) },
    { head: 'KIND', of: ({ kind, from }) => (from === null ? kind : `${kind} of ${from}`), rank: 1 },
    { head: 'DEPLOY', of: ({ deploy_id: id }) => id, rank: 2 },
    { head: 'CONFIG', of: ({ config_version: version }) => (version === null ? '' : String(version)), rank: 3 },
  ]);
};

/** `rollback [RELEASE]` */
export const rollback: Run = async (context, given) => {
  const { app, environment } = await context.place();
  const reason = given.text('reason');
  const body = {
    environment,
    to: given.maybe('RELEASE') ?? 'previous',
    hold: given.flag('hold'),
    ...(reason === undefined ? {} : { reason }),
    ...turnOf(given),
  };
  const { data } = await ok(context.client.POST('/apps/{id}/rollback', { params: { path: { id: app } }, body }));
  return begun(context, given, data);
};

/** `promote FROM TO [RELEASE]` */
export const promote: Run = async (context, given) => {
  const release = given.maybe('RELEASE');
  const body = {
    from: given.argument('FROM'),
    to: given.argument('TO'),
    ...(release === undefined ? {} : { release }),
    ...turnOf(given),
  };
  const params = { path: { id: await context.app() } };
  const { data } = await ok(context.client.POST('/apps/{id}/promote', { params, body }));
  return begun(context, given, data);
};

const turnOf = (given: Given): { readonly queue?: true; readonly force?: true } => ({
  ...(given.flag('queue') ? { queue: true as const } : {}),
  ...(given.flag('force') ? { force: true as const } : {}),
});

interface Begun {
  readonly id: string;
  readonly notice?: string | null;
}

function begun(context: Context, given: Given, { id, notice }: Begun): Promise<ExitCode> {
  if (notice) context.output.progress(notice);
  return follow(context, given, { kind: 'deploy', id });
}
