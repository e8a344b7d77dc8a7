import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../src/store/data-source.js';

/** How much there is. */
export interface ScrapeSize {
  readonly instances: number;
  /** Builds that have settled, and as many deploys. */
  readonly history: number;
}

/** Instances of one worker. */
const OF_A_WORKER = 10;

/** What fills the tables; `$1` is the number that each speaks of. */
const FILL = ({ instances, history }: ScrapeSize): readonly (readonly [string, ...number[]])[] => [
  [`INSERT INTO stacks (name) VALUES ('api')`],
  [`INSERT INTO environments (name) VALUES ('production')`],
  [
    `INSERT INTO apps (name, repo, stack_id, version) SELECT 'app-' || n, 'jockey/bench', s.id, 1
     FROM stacks s, generate_series(1, $1::int) AS n`,
    Math.ceil(instances / OF_A_WORKER),
  ],
  [
    `INSERT INTO workers (app_id, environment_id, name, command, scale, version)
     SELECT a.id, e.id, 'web', '', $1, 1 FROM apps a, environments e`,
    OF_A_WORKER,
  ],
  [
    `INSERT INTO builds (app_id, ref, rref, state, phase, outcome, created_at, started_at, completed_at)
     SELECT (SELECT min(id) FROM apps) + n % (SELECT count(*) FROM apps), 'main', md5(n::text), 'completed', 'settled',
       'succeeded', at - interval '60 seconds', at - interval '50 seconds', at
     FROM (SELECT n, now() - n * interval '5 minutes' AS at FROM generate_series(1, $1::int) AS n) made`,
    history,
  ],
  [
    `INSERT INTO deploys (app_id, environment_id, build_id, rref, state, outcome, workers, created_at, completed_at)
     SELECT app_id, e.id, b.id, rref, CASE WHEN row_number() OVER (PARTITION BY app_id ORDER BY b.id) = 1
       THEN 'deployed' ELSE 'stopped' END, 'succeeded', '[{"name": "web"}]', b.created_at, b.completed_at
     FROM builds b, environments e`,
  ],
  [
    `INSERT INTO instances (app_id, environment_id, worker_id, deploy_id, slot, container_name, host, spec, memory_mb,
       cpus, state, planned_at, healthy_at)
     SELECT w.app_id, w.environment_id, w.id, d.id, slot, w.id || '-' || slot, 'host-' || (w.id * 7 + slot) % 50, '{}',
       256, 0.1, 'healthy', now() - interval '9 seconds', now()
     FROM workers w JOIN deploys d ON d.app_id = w.app_id AND d.state = 'deployed', generate_series(1, $1::int) AS slot`,
    OF_A_WORKER,
  ],
];

/** A database of its own with that much in it; `drop` takes it away. */
export async function scrapeWorld(
  server: string,
  size: ScrapeSize,
): Promise<{ readonly dataSource: DataSource; drop(): Promise<void> }> {
  const name = `jockey_bench_${randomBytes(4).toString('hex')}`;
  await ask(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const dataSource = await openDataSource(url.href);
  const drop = async (): Promise<void> => {
    await dataSource.destroy();
    await ask(server, `DROP DATABASE ${name} WITH (FORCE)`);
  };
  await fill(dataSource, size).catch(async (error: unknown) => {
    await drop();
    throw error;
  });
  return { dataSource, drop };
}

async function fill(dataSource: DataSource, size: ScrapeSize): Promise<void> {
  await dataSource.runMigrations();
  for (const [statement, ...parameters] of FILL(size)) await dataSource.query(statement, parameters);
  await dataSource.query('ANALYZE');
}

async function ask(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
