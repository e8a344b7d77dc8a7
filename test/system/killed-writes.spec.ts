import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { it } from 'vitest';
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

/** The API alone, as it runs in production, on a database of its own. */
class LonelyApi {
  readonly client: ApiClient;
  private readonly output: string[] = [];
  private process: ChildProcess | null = null;

  private constructor(
    private readonly database: TestDatabase,
    /** For a look at the rows themselves. */
    readonly postgres: pg.Client,
    private readonly port: number,
  ) {
    this.client = new ApiClient(`http://127.0.0.1:${port}`, TOKEN);
  }

  static async set(): Promise<LonelyApi> {
    const database = await createTestDatabase();
    const postgres = new pg.Client({ connectionString: database.url });
    await postgres.connect();
    return new LonelyApi(database, postgres, await unusedPort());
  }

  /** Starts it, and waits until it answers. */
  async start(): Promise<void> {
    const variables = {
      DATABASE_URL: this.database.url,
      JOCKEY_PORT: String(this.port),
      JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
      REGISTRY_ADDRESS: '127.0.0.1:5000',
    };
    this.process = runProgram('main', variables, (text) => this.output.push(text));
    const answers = () =>
      this.client.get('/healthz').then(
        ({ status }) => status === 200,
        () => false,
      );
    await eventually('the API answers', answers).catch((error: unknown) => {
      throw new Error(this.output.join(''), { cause: error });
    });
  }

  /** Kills it, without a word to it. */
  async kill(): Promise<void> {
    await endProgram(this.process, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.postgres.end();
    await this.database.drop();
  }
}

// Side by side: most of the time goes into the silence after which another may take over.
it.concurrent.for(Object.entries(HOLDS))(
  'a write that is killed %s has one effect',
  async ([when, condition], { expect, onTestFinished }) => {
    const api = await LonelyApi.set();
    onTestFinished(() => api.stop());
    await api.start();
    const { client, postgres } = api;
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
    await api.kill();
    const ended = new Date().toISOString();
    expect(await killed).toBeNull();
    await postgres.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`,
    );
    await eventually('Postgres has ended what the killed process was at', async () => (await held()) === undefined);
    await postgres.query('DROP TRIGGER hold ON idempotency_keys');
    await postgres.query('DROP FUNCTION hold');

    await api.start();
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
  },
);
