import { afterEach, describe, expect, it } from 'vitest';
import type { LogLine } from '../../domain/log/log-line.js';
import type { LogBook } from '../../store/log-book.js';
import { LogFeed } from './log-feed.js';

const OF = { subject: 'deploy', id: '1' } as const;
const FOREVER = new AbortController().signal;

/** A log in memory, with the two reads that a feed needs. */
class Lines {
  private readonly lines: LogLine[] = [];
  failing = false;

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

  async after(_of: object, position: string, limit: number): Promise<LogLine[]> {
    if (this.failing) throw new Error('away');
    return this.lines.slice(Number(position), Number(position) + limit);
  }
}

/** Reads as a follower does, until the feed is over. */
async function textsOf(feed: LogFeed): Promise<string[]> {
  const texts: string[] = [];
  for (let position = '0'; ;) {
    const { version, isOver } = feed;
    const lines = await feed.linesAfter(position);
    texts.push(...lines.map(({ text }) => text));
    position = lines.at(-1)?.position ?? position;
    if (lines.length > 0) continue;
    if (isOver) return texts;
    await feed.changeSince(version, FOREVER);
  }
}

describe('a log feed', () => {
  let feed: LogFeed | null = null;
  afterEach(() => feed?.stop());

  function feedOf(lines: Lines, settled: () => Promise<boolean>): LogFeed {
    feed = new LogFeed(lines as unknown as LogBook, { of: OF, settled });
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
    expect(await textsOf(feedOf(lines, settled))).toEqual(['working', 'the last word']);
  });

  it('gives a log of many pages whole and in order', async () => {
    const lines = new Lines();
    for (let i = 0; i < 1001; i += 1) lines.write(`line ${i}`);
    const texts = await textsOf(feedOf(lines, async () => true));
    expect(texts).toEqual(Array.from({ length: 1001 }, (_, i) => `line ${i}`));
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
    expect(await textsOf(begun)).toEqual(['after the outage']);
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
