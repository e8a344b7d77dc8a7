import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PrintedLines } from '../../src/domain/log/printed-lines.js';
import { BuildLog } from '../../src/engine/builds/build-log.js';
import { dataSourceOptions } from '../../src/store/data-source.js';
import { AppRow, BuildRow, StackRow } from '../../src/store/entities/index.js';
import { LogBook, type LogOf } from '../../src/store/log-book.js';
import { Redactors } from '../../src/store/redactors.js';
import { SecretBox } from '../../src/store/secret-box.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const PLENTY = 1_000_000;
const STEP = '[2/3] RUN make';

describe('the log of a build, in Postgres', () => {
  let database: TestDatabase;
  let store: DataSource;
  let book: LogBook;
  let of: LogOf;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = await new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();
    book = bookOf(store);
  });

  beforeEach(async () => {
    await store.query('TRUNCATE stacks, log_lines CASCADE');
    const { manager } = store;
    const stack = await manager.save(manager.create(StackRow, { name: 'api' }));
    const app = await manager.save(manager.create(AppRow, { name: 'shop', repo: 'jockey/shop', stackId: stack.id }));
    const build = manager.create(BuildRow, { appId: app.id, ref: 'main', rref: 'b'.repeat(40), state: 'in_progress' });
    of = { subject: 'build', id: (await manager.save(build)).id };
  });

  afterAll(async () => {
    await store?.destroy();
    await database?.drop();
  });

  const bookOf = (on: DataSource): LogBook => new LogBook(on, new Redactors(on, new SecretBox(null)));
  const read = () => book.read(of, { after: '0', before: null, limit: PLENTY });
  const textsOf = async () => (await read()).map(({ text }) => text);

  async function print(log: BuildLog, text: string, goesOn = false): Promise<void> {
    const room = log.addPrinted('docker', { text, goesOn, stream: 'stdout', step: STEP });
    if (room !== undefined) await room;
  }

  it('is there before the build has ended, and stays when the engine dies', async () => {
    const ofEngine = await new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();
    const log = new BuildLog(bookOf(ofEngine), of, PLENTY);
    const before = new Date();
    await print(log, 'one');
    await print(log, 'two');
    await eventually('both lines', async () => (await read()).length === 2);
    await ofEngine.destroy();
    const lines = await read();
    expect(lines.map(({ text, stream, step }) => [text, stream, step])).toEqual([
      ['one', 'stdout', STEP],
      ['two', 'stdout', STEP],
    ]);
    expect(lines[0]?.timestamp.getTime()).toBeGreaterThanOrEqual(before.getTime());
    const next = new BuildLog(book, of, PLENTY);
    await next.end('begun again', 'info');
    expect(await textsOf()).toEqual(['one', 'two', 'begun again']);
  });

  it('holds every line in order of a build that prints faster than they are written', async () => {
    const log = new BuildLog(book, of, PLENTY);
    const texts = Array.from({ length: 40_000 }, (_, index) => `line ${index}`);
    for (const text of texts) await print(log, text);
    await log.end('completed', 'info');
    expect(await textsOf()).toEqual([...texts, 'completed']);
  });

  it('holds a line of 100 MB without an end, in parts that say so', async () => {
    const log = new BuildLog(book, of, PLENTY);
    const printed = new PrintedLines();
    const piece = 'x'.repeat(1 << 20);
    for (let count = 0; count < 100; count += 1)
      for (const { text, goesOn } of printed.add(piece)) await print(log, text, goesOn);
    for (const { text, goesOn } of printed.end()) await print(log, text, goesOn);
    await log.end('completed', 'info');
    const [sums] = await store.query<Record<string, string>[]>(
      `SELECT sum(length(replace(text, ' … (the line goes on)', ''))) AS characters,
         count(*) AS parts, count(*) FILTER (WHERE text LIKE '%(the line goes on)') AS cut
       FROM log_lines WHERE logger = 'docker'`,
    );
    expect(sums).toEqual({ characters: String(100 << 20), parts: '6400', cut: '6399' });
  });

  it('goes on where it was when the database is back', async () => {
    let away = true;
    let refused = 0;
    const shaky = Object.create(book) as LogBook;
    shaky.write = async (...args) => {
      if (!away) return book.write(...args);
      refused += 1;
      throw new Error('away');
    };
    const log = new BuildLog(shaky, of, PLENTY);
    await print(log, 'while it was away');
    await eventually('a write that was refused', () => refused > 0);
    expect(await textsOf()).toEqual([]);
    away = false;
    await print(log, 'when it was back');
    await eventually('both lines', async () => (await read()).length === 2);
    expect(await textsOf()).toEqual(['while it was away', 'when it was back']);
    await log.end('completed', 'info');
  });
});
