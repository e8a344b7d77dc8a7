import { readList } from '../read-list.js';
import { ago } from '../times.js';
import type { Run } from '../verb.js';
import type { RunView } from './run-view.js';

interface RunPage {
  readonly data: readonly RunView[];
  readonly pagination: { readonly total_count: number };
}

/** Lists one-off commands. */
export const runs: Run = async (context, given) => {
  const query = { ...(await context.saidPlace()), state: given.text('state') };
  const seen = await readList(context, given, async (paging) => {
    const answer = await context.server.send({ path: '/runs', query: { ...query, ...paging } });
    return (await answer.json()) as RunPage;
  });
  context.output.table(seen, [
    { head: 'ID', of: ({ id }) => id },
    { head: 'APP', of: ({ app }) => app.name, rank: 3 },
    { head: 'ENVIRONMENT', of: ({ environment }) => environment.name, rank: 4 },
    { head: 'STATE', of: ({ state }) => state },
    { head: 'CODE', of: ({ exit_code: code }) => (code === null ? '' : String(code)), rank: 2, align: 'right' },
    { head: 'ASKED', of: ({ created_at: asked }) => ago(asked), rank: 5 },
    { head: 'COMMAND', of: ({ command }) => command.join(' '), rank: 1 },
  ]);
};

/** Ends a one-off command. */
export const cancelRun: Run = async ({ server, output }, given) => {
  const id = given.argument('RUN');
  const run = await server.data<RunView>({ method: 'POST', path: `/runs/${encodeURIComponent(id)}/cancel` });
  output.data(run, () => [`Run ${run.id} is asked to end.`]);
};
