import { ok } from '../../../typescript/src/problem.js';
import { readList } from '../read-list.js';
import type { Run } from '../verb.js';

/** `apps` */
export const listApps: Run = async (context, given) => {
  const { client, output } = context;
  const apps = await readList(context, given, (query) => ok(client.GET('/apps', { params: { query } })));
  output.table(apps, [
    { head: 'NAME', of: ({ name }) => name },
    { head: 'REPO', of: ({ repo }) => repo ?? '', rank: 1 },
  ]);
};
