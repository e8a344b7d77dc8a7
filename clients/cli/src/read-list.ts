import type { Context } from './context.js';
import type { Given } from './given.js';

/** How many Jockey gives at once, at most. */
const PAGE = 100;
const DEFAULT = 25;

/** What one page of a list answers. */
interface Page<T> {
  readonly data: readonly T[];
  readonly pagination: { readonly total_count: number };
}

/** Which page is asked for. */
export interface Paging {
  readonly page: number;
  readonly per_page: number;
}

/** The newest of a list, as many as `--limit` says, page by page; says on stderr when there are more. */
export async function readList<T>(
  { output }: Pick<Context, 'output'>,
  given: Given,
  ask: (paging: Paging) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const limit = given.count('limit') ?? DEFAULT;
  const { rows, total } = await readPages(limit, ask);
  if (total > rows.length) output.progress(`These are ${rows.length} of ${total}: --limit ${total} shows all.`);
  return rows;
}

/** Every entry of a list. */
export async function readAll<T>(ask: (paging: Paging) => Promise<Page<T>>): Promise<readonly T[]> {
  return (await readPages(Number.MAX_SAFE_INTEGER, ask)).rows;
}

async function readPages<T>(
  limit: number,
  ask: (paging: Paging) => Promise<Page<T>>,
): Promise<{ readonly rows: readonly T[]; readonly total: number }> {
  const rows: T[] = [];
  const perPage = Math.max(1, Math.min(PAGE, limit));
  for (let page = 1; ; page += 1) {
    const { data, pagination } = await ask({ page, per_page: perPage });
    rows.push(...data);
    const done = data.length < perPage || rows.length >= limit || rows.length >= pagination.total_count;
    if (done) return { rows: rows.slice(0, limit), total: pagination.total_count };
  }
}
