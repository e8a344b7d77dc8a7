import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unusedPort } from '../contract/cluster.js';
import { ApiClient } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { endProgram, runProgram } from './program.js';

const TOKEN = 'a-bootstrap-token-for-system-tests';

/** Where a write can be held: an update of its key that keeps the answer, and one that binds the effect. */
const HOLDS = {
  'after the effect, before its answer is kept': 'NEW.status IS NOT NULL',
  'in the transaction of the effect': 'NEW.effect IS NOT NULL AND NEW.status IS NULL',
} as const;

let database: TestDatabase;
let postgres: pg.Client;
let client: ApiClient;
let api: ChildProcess;
let port: number;
const output: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = new pg.Client({ connectionString: database.url });
  await postgres.connect();
  port = await unusedPort();
  client = new ApiClient(`http://127.0.0.1:${port}`, TOKEN);
  await startApi();
});

afterAll(async () => {
  await endProgram(api, 'SIGKILL');
  await postgres.end();
  await database.drop();
});

/** The API alone, as it runs in production. */
async function startApi(): Promise<void> {
  const variables = {
    DATABASE_URL: database.url,
    JOCKEY_PORT: String(port),
    JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
    REGISTRY_ADDRESS: '127.0.0.1:5000',
  };
  api = runProgram('main', variables, (text) => output.push(text));
  const answers = () =>
    client.get('/healthz').then(
      ({ status }) => status === 200,
      () => false,
    );
  await eventually('the API answers', answers).catch((error: unknown) => {
    throw new Error(output.join(''), { cause: error });
  });
}

it.each(Object.entries(HOLDS))('a write that is killed %s has one effect', async (when, condition) => {
  const name = condition === HOLDS['in the transaction of the effect'] ? 'inside' : 'after';
  const send = () => client.post('/stacks', { name }, { 'idempotency-key': when.replaceAll(' ', '-') });
  await postgres.query(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_sleep(600); RETURN NEW; END'`);
  await postgres.query(
    `CREATE TRIGGER hold BEFORE UPDATE ON idempotency_keys FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION hold()`,
  );
  const begun = new Date().toISOString();
  const killed = send().catch(() => null);
  const held = async () =>
    (
      await postgres.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
      )
    ).rows[0] as { pid: number } | undefined;
  await eventually('the write is held', held);
  await endProgram(api, 'SIGKILL');
  const ended = new Date().toISOString();
  expect(await killed).toBeNull();
  await postgres.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
  );
  await eventually('Postgres has ended what the killed process was at', async () => (await held()) === undefined);
  await postgres.query('DROP TRIGGER hold ON idempotency_keys');
  await postgres.query('DROP FUNCTION hold');

  await startApi();
  const answer = await eventually('an answer that is not "still running"', async () => {
    const reply = await send();
    return reply.status === 409 ? null : reply;
  });
  expect(answer.status, answer.text).toBe(201);
  expect((await send()).body).toEqual(answer.body);
  const { rows } = await postgres.query('SELECT id::text, name FROM stacks WHERE name = $1', [name]);
  expect(rows).toEqual([{ id: answer.body.data.id, name }]);

  const { body } = await client.get(`/audit?operation=createStack&since=${begun}&until=${ended}`);
  const items = body.data as unknown as { status: number | null; input: { body: { name: string } } }[];
  const own = items.filter(({ input }) => input.body.name === name);
  expect(own.filter(({ status }) => status === null)).toHaveLength(1);
});
