import { invalid } from '../../domain/kernel/errors.js';
import type { LogLine } from '../../domain/log/log-line.js';
import type { LogBook, LogOf, LogRange } from '../../store/log-book.js';
import { LINES_AT_ONCE } from './log-pages.js';
import type { LogQueryDto } from './log.dto.js';

/** Refuses what says two things at once. */
export function checkPart({ tail, after, before, limit }: LogQueryDto, isFollowed: boolean): void {
  if (tail !== undefined && (after ?? before ?? limit) !== undefined)
    throw invalid('tail', 'goes without after, before and limit: leave it out, or leave them out.');
  if (isFollowed && before !== undefined)
    throw invalid('before', 'does not go with text/event-stream: a log that is followed has no end yet.');
}

/** Which lines a query asks for. Those of `before` and `tail` are counted from the end. */
export async function rangeOf(logBook: LogBook, of: LogOf, query: LogQueryDto): Promise<LogRange> {
  const { after, before = null, tail, limit = Infinity } = query;
  if (tail !== undefined)
    return { after: await logBook.lastBegin(of, { count: tail, before: null }), before: null, limit: tail };
  if (after === undefined && before !== null && query.limit !== undefined)
    return { after: await logBook.lastBegin(of, { count: query.limit, before }), before, limit };
  return { after: after ?? '0', before, limit };
}

/** The lines of a part, page by page: old clients ask for the whole log, and it may be long. */
export async function* pagesOf(logBook: LogBook, of: LogOf, range: LogRange): AsyncGenerator<readonly LogLine[]> {
  let { after, limit: left } = range;
  while (left > 0) {
    const wanted = Math.min(left, LINES_AT_ONCE);
    const page = await logBook.read(of, { ...range, after, limit: wanted });
    if (page.length > 0) yield page;
    if (page.length < wanted) return;
    after = page.at(-1)?.position ?? after;
    left -= page.length;
  }
}
