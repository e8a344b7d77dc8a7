import { afterAll, describe, expect, it } from 'vitest';
import type { LogLine } from '../../domain/log/log-line.js';
import type { LogBook } from '../../store/log-book.js';
import { LogFeed } from './log-feed.js';
import { LogPages } from './log-pages.js';

const OF = { subject: 'deploy', id: '1' } as const;
const FOREVER = new AbortController().signal;

/** A log in memory, with the two reads that followers need. */
class Lines {
  private readonly lines: LogLine[] = [];
  failing = false;
  reads = 0;

  write(text: string): void {
    const position = String(this.lines.length + 1);
    this.lines.push({
      position,
      timestamp: new Date(0),
      logger: 'engine',
      level: 'info',
      text,
      stream: null,
      step: null,
    });
  }

  async lastPosition(): Promise<string> {
    if (this.failing) throw new Error('away');
    return this.lines.at(-1)?.position ?? '0';
  }

  async read(_of: object, { after, limit }: { after: string; limit: number }): Promise<LogLine[]> {
    this.reads += 1;
    if (this.failing) throw new Error('away');
    return this.lines.slice(Number(after), Number(after) + limit);
  }
}

/** Reads as a follower does, until the feed is over. */
async function textsOf(feed: LogFeed, pages: LogPages): Promise<string[]> {
  const texts: string[] = [];
  for (let after = '0'; ;) {
    const { version, isOver } = feed;
    const page = feed.hasAfter(after) ? await pages.page({ of: OF, after, ansi: 'keep' }) : null;
    texts.push(...[...String(page?.events ?? '').matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text ?? ''));
    after = page?.last ?? after;
    if (page?.last != null) continue;
    if (isOver) return texts;
    await feed.changeSince(version, FOREVER);
  }
}

const pagesOf = (lines: Lines): LogPages => new LogPages(lines as unknown as LogBook);

// They wait for what a follower waits for in earnest: side by side.
describe.concurrent('a log feed', () => {
  const feeds: LogFeed[] = [];
  afterAll(() => feeds.forEach((feed) => feed.stop()));

  function feedOf(lines: Lines, settled: () => Promise<boolean>): LogFeed {
    const feed = new LogFeed(lines, { of: OF, settled });
    feeds.push(feed);
    void feed.run();
    return feed;
  }

  it('waits for the line that is written just after its subject has settled', async () => {
    const lines = new Lines();
    lines.write('working');
    const settled = async () => {
      lines.write('the last word');
      return true;
    };
    expect(await textsOf(feedOf(lines, settled), pagesOf(lines))).toEqual(['working', 'the last word']);
  });

  it('gives a log of many pages whole and in order', async () => {
    const lines = new Lines();
    for (let i = 0; i < 4001; i += 1) lines.write(`line ${i}`);
    const texts = await textsOf(
      feedOf(lines, async () => true),
      pagesOf(lines),
    );
    expect(texts).toEqual(Array.from({ length: 4001 }, (_, i) => `line ${i}`));
  });

  it('goes on when the database is back', async () => {
    const lines = new Lines();
    lines.failing = true;
    const begun = feedOf(lines, async () => true);
    setTimeout(() => {
      lines.failing = false;
      lines.write('after the outage');
    }, 300);
    await begun.changeSince(begun.version, FOREVER);
    expect(await textsOf(begun, pagesOf(lines))).toEqual(['after the outage']);
  });

  it('does not let a follower wait for a change that came while it was reading', async () => {
    const begun = feedOf(new Lines(), async () => false);
    const seen = begun.version;
    await begun.changeSince(seen, FOREVER);
    await begun.changeSince(seen, FOREVER);
    expect(begun.version).toBe(seen + 1);
  });

  it('lets go of who waits when it stops, and when they leave', async () => {
    const begun = feedOf(new Lines(), async () => false);
    await begun.changeSince(begun.version, FOREVER);
    const leaving = new AbortController();
    const left = begun.changeSince(begun.version, leaving.signal);
    leaving.abort();
    await left;
    const stopped = begun.changeSince(begun.version, FOREVER);
    begun.stop();
    await stopped;
    expect(begun.isOver).toBe(false);
  });
});

describe('log pages', () => {
  const key = (after: string, ansi: 'keep' | 'strip' = 'keep') => ({ of: OF, after, ansi });

  it('are read once for all who come to the same place, and again after a failure', async () => {
    const lines = new Lines();
    for (let i = 0; i < 1500; i += 1) lines.write(`line ${i}`);
    const pages = pagesOf(lines);
    const [one, other] = await Promise.all([pages.page(key('0')), pages.page(key('0'))]);
    expect(one).toBe(other);
    expect(await pages.page(key('0'))).toBe(one);
    expect(one.last).toBe('1000');
    expect(lines.reads).toBe(1);
    lines.failing = true;
    await expect(pages.page(key('1000'))).rejects.toThrow('away');
    lines.failing = false;
    expect((await pages.page(key('1000'))).last).toBe('1500');
  });

  it('are asked for again while there is nothing', async () => {
    const lines = new Lines();
    const pages = pagesOf(lines);
    expect(await pages.page(key('0'))).toEqual({ events: Buffer.alloc(0), last: null });
    lines.write('one');
    expect((await pages.page(key('0'))).last).toBe('1');
  });

  it('are apart with and without colours', async () => {
    const lines = new Lines();
    lines.write('\u001B[31mred');
    const pages = pagesOf(lines);
    expect(String((await pages.page(key('0'))).events)).toContain('\\u001b[31mred');
    expect(String((await pages.page(key('0', 'strip'))).events)).toContain('"text":"red"');
  });

  it('let the oldest go, so that they hold no more than so many bytes', async () => {
    const lines = new Lines();
    for (let i = 0; i < 3_000; i += 1) lines.write('x'.repeat(15_000));
    const pages = pagesOf(lines);
    for (let after = 0; after < 3_000; after += 1_000) await pages.page(key(String(after)));
    const before = lines.reads;
    await pages.page(key('2000'));
    expect(lines.reads).toBe(before);
    await pages.page(key('0'));
    expect(lines.reads).toBe(before + 1);
  });
});
