import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BuildLine } from '../../domain/build/build-line.js';
import type { LogBook, LogOf, NewLogLine } from '../../store/log-book.js';
import { headRedactor, redactor } from '../../domain/config-set/redact.js';
import { LONGEST_LINE } from '../../domain/log/printed-lines.js';
import type { Mask } from '../../domain/log/line-mask.js';
import { BuildLog } from './build-log.js';

const TOKEN = 'correct-horse-battery';
const SECRETS = [{ name: 'TOKEN', value: TOKEN }];
const MOST = 5_000;

/** Keeps lines, unless it fails so many times first. */
class FakeLogBook {
  readonly lines: NewLogLine[] = [];
  writes = 0;
  failures = 0;

  async redactor(): Promise<Mask> {
    return { text: redactor(SECRETS), head: headRedactor(SECRETS, 1_000) };
  }

  async write(_of: LogOf, lines: readonly NewLogLine[]): Promise<void> {
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
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    book = new FakeLogBook();
    log = new BuildLog(book as unknown as LogBook, { subject: 'build', id: '1' }, MOST);
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

  const print = (text: string, more: Partial<BuildLine> = {}) =>
    log.addPrinted('docker', { text, stream: 'stdout', step: '[1/2] RUN make', ...more });

  it('keeps of each line its stream, its step and when it was printed', async () => {
    vi.setSystemTime(new Date('2026-11-21T03:00:00Z'));
    void print('one');
    vi.setSystemTime(new Date('2026-11-21T04:00:00Z'));
    await log.end('completed', 'info');
    expect(book.lines[0]).toMatchObject({
      ...{ logger: 'docker', text: 'one', stream: 'stdout', step: '[1/2] RUN make' },
      at: new Date('2026-11-21T03:00:00Z'),
    });
  });

  it('lets whoever prints faster than is written wait, and loses nothing', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => `line ${index}`);
    log = new BuildLog(book as unknown as LogBook, { subject: 'build', id: '1' }, 100_000);
    let waits = 0;
    for (const text of many) {
      const room = print(text);
      if (room === undefined) continue;
      waits += 1;
      await vi.advanceTimersByTimeAsync(150);
      await room;
    }
    await log.end('completed', 'info');
    expect(waits).toBeGreaterThan(3);
    expect(texts()).toEqual([...many, 'completed']);
  });

  it('lets nobody wait at its end, when the database is away', async () => {
    book.failures = 1_000;
    log = new BuildLog(book as unknown as LogBook, { subject: 'build', id: '1' }, 100_000);
    const rooms = Array.from({ length: 20_000 }, (_, index) => print(`line ${index}`));
    const room = rooms.at(-1);
    expect(room).toBeInstanceOf(Promise);
    const end = log.end('completed', 'info').catch(() => undefined);
    await room;
    book.failures = 0;
    await vi.advanceTimersByTimeAsync(600);
    await end;
    expect(texts().at(-1)).toBe('completed');
  });

  it('keeps the last lines of what is printed beyond the limit, and counts the others', async () => {
    for (let index = 0; index < 50_000; index += 1) void print(`line ${index}`);
    log.add('engine', 'pushing');
    void print('the end');
    await log.end('completed', 'info');
    expect(texts().slice(MOST - 1, MOST + 3)).toEqual([
      'line 4999',
      '(LOG_LINES_PER_BUILD is 5000; of what is printed from here on the last 1000 lines are kept)',
      '(44000 lines are left out here: LOG_LINES_PER_BUILD is 5000)',
      'line 49000',
    ]);
    expect(texts().slice(-4)).toEqual(['line 49999', 'pushing', 'the end', 'completed']);
  });

  it('takes a long line for as much as it is', async () => {
    for (let index = 0; index < 1_000; index += 1) void print('x'.repeat(9_500));
    await log.end('completed', 'info');
    expect(book.lines.filter(({ logger }) => logger === 'docker')).toHaveLength(1_000);
    expect(texts()[500]).toContain('LOG_LINES_PER_BUILD is 5000');
  });

  it('masks a secret in a line and in a step, and across the cut of a line without an end', async () => {
    void print(`token ${TOKEN}`, { step: `[2/2] RUN login ${TOKEN}` });
    void print('x'.repeat(LONGEST_LINE - 7) + TOKEN.slice(0, 7), { goesOn: true });
    log.add('engine', 'between');
    await vi.advanceTimersByTimeAsync(150);
    void print(`${TOKEN.slice(7)} and on`);
    await log.end('completed', 'info');
    const all = texts().join('\n');
    expect(book.lines[0]).toMatchObject({ text: 'token [secret TOKEN]', step: '[2/2] RUN login [secret TOKEN]' });
    expect(all).toContain('[secret TOKEN] and on');
    for (const half of [TOKEN.slice(0, 7), TOKEN.slice(7)]) expect(all).not.toContain(half);
  });

  it('cuts what an adapter hands on whole', async () => {
    void print('x'.repeat(3 * LONGEST_LINE));
    await log.end('completed', 'info');
    expect(
      texts()
        .slice(0, 3)
        .map((text) => text.endsWith('(the line goes on)')),
    ).toEqual([true, true, false]);
  });

  it('leaves out the rest of a line that was cut where lines are left out', async () => {
    for (let index = 0; index < MOST - 1; index += 1) void print(`line ${index}`);
    void print(TOKEN.slice(0, 4), { goesOn: true });
    void print(TOKEN.slice(4));
    void print('next');
    await log.end('completed', 'info');
    expect(texts().slice(-5)).toEqual([
      TOKEN.slice(0, 4),
      '(LOG_LINES_PER_BUILD is 5000; of what is printed from here on the last 1000 lines are kept)',
      '(1 lines are left out here: LOG_LINES_PER_BUILD is 5000)',
      'next',
      'completed',
    ]);
  });
});
