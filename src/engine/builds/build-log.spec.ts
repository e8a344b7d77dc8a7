import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogBook, LogOf, NewLogLine } from '../../store/log-book.js';
import { BuildLog } from './build-log.js';

/** Keeps lines, unless it fails so many times first. */
class FakeLogBook {
  readonly lines: NewLogLine[] = [];
  writes = 0;
  failures = 0;

  async append(_of: LogOf, lines: readonly NewLogLine[]): Promise<void> {
    this.writes += 1;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database is away');
    }
    this.lines.push(...lines);
  }
}

describe('BuildLog', () => {
  let book: FakeLogBook;
  let log: BuildLog;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    book = new FakeLogBook();
    log = new BuildLog(book as unknown as LogBook, { subject: 'build', id: '1' });
  });
  afterEach(() => vi.useRealTimers());

  const texts = () => book.lines.map(({ text }) => text);

  it('writes lines as they come, those that come together in one write', async () => {
    log.add('docker', 'one');
    log.add('docker', 'two');
    await vi.advanceTimersByTimeAsync(150);
    await vi.waitFor(() => expect(texts()).toEqual(['one', 'two']));
    expect(book.writes).toBe(1);
    log.add('docker', 'three');
    await vi.advanceTimersByTimeAsync(150);
    await vi.waitFor(() => expect(texts()).toEqual(['one', 'two', 'three']));
  });

  it('has everything written at its end, in order, the last line last', async () => {
    const many = Array.from({ length: 1_700 }, (_, index) => `line ${index}`);
    for (const text of many) log.add('docker', text);
    await log.end('failed: no', 'error');
    log.add('docker', 'too late');
    expect(texts()).toEqual([...many, 'failed: no']);
    expect(book.lines.at(-1)).toMatchObject({ logger: 'engine', level: 'error' });
  });

  it('loses no line to a database that is away for a while', async () => {
    book.failures = 3;
    log.add('docker', 'one');
    await vi.advanceTimersByTimeAsync(150);
    log.add('docker', 'two');
    await vi.advanceTimersByTimeAsync(150);
    const end = log.end('three', 'info');
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(600);
      expect(texts()).toEqual(['one', 'two', 'three']);
    });
    await end;
  });

  it('says so when the database takes nothing', async () => {
    book.failures = 1_000;
    const end = log.end('lost', 'info').catch((error: unknown) => error);
    const seen = { done: false };
    void end.then(() => (seen.done = true));
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(600);
      expect(seen.done).toBe(true);
    }, 10_000);
    expect(String(await end)).toContain('the database is away');
  });

  it('bounds what a step can print: the newest lines are kept, and the gap is told', async () => {
    for (let index = 0; index < 50_000; index += 1) log.add('docker', `line ${index}`);
    await log.end('completed', 'info');
    expect(book.lines.length).toBeLessThan(21_000);
    expect(texts().slice(-2)).toEqual(['line 49999', 'completed']);
    const leftOut = Number(/^\((\d+) lines are left out/.exec(texts()[0] ?? '')?.[1]);
    expect(leftOut + book.lines.length - 1).toBe(50_001);
  });
});
