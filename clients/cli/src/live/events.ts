import type { Context } from '../context.js';
import { readList } from '../read-list.js';
import { safeText } from '../safe-text.js';
import type { Asked } from '../server.js';
import type { Run } from '../verb.js';
import { followLines } from './follow-lines.js';
import type { ServerEvent } from './event-reader.js';

/** Something that happened, as GET /events has it. */
interface Happened {
  readonly id: string;
  readonly type: string;
  readonly at: string;
  readonly summary: string;
}

interface EventPage {
  readonly data: readonly Happened[];
  readonly pagination: { readonly total_count: number };
}

/** Lists what happened, or prints it as it happens. */
export const events: Run = async (context, given) => {
  const query = { ...(await context.saidPlace()), type: given.text('type'), after: given.text('after') };
  if (given.flag('follow')) return followLines(context, stream(context, query));
  const happened = await readList(context, given, (paging) => pageOf(context, { ...query, ...paging }));
  list(context, happened);
};

function list({ output }: Context, happened: readonly Happened[]): void {
  output.table(happened, [
    { head: 'ID', of: ({ id }) => id, rank: 3 },
    { head: 'AT', of: ({ at }) => at.slice(0, 19), rank: 2 },
    { head: 'TYPE', of: ({ type }) => type, rank: 1 },
    { head: 'WHAT', of: ({ summary }) => summary },
  ]);
}

async function pageOf({ server }: Context, query: Asked['query']): Promise<EventPage> {
  return (await (await server.send({ path: '/events', query })).json()) as EventPage;
}

function stream({ output }: Context, query: Asked['query']) {
  const print = ({ event, data }: ServerEvent) => {
    if (event === 'gap') return output.warn('Some events in between are no longer kept.');
    if (output.json) return output.line(data);
    const { at, type, summary } = JSON.parse(data) as Happened;
    output.line(`${output.paint(at.slice(0, 19), 'faint')} ${type.padEnd(20)} ${safeText(summary)}`);
  };
  return { path: '/events', query, print };
}
