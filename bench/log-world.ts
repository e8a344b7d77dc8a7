import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { openDataSource } from '../src/store/data-source.js';
import { AppRow, BuildRow, StackRow } from '../src/store/entities/index.js';
import { freePort } from '../tools/machine/free-port.js';
import type { Followed } from './log-follower.js';

const TOKEN = randomBytes(16).toString('hex');
const HOST = '127.0.0.1';

/** A database of its own with an app, and the API on it as a process of its own. */
export class LogWorld {
  private constructor(
    readonly dataSource: DataSource,
    private readonly api: ChildProcess,
    private readonly url: string,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(server: string): Promise<LogWorld> {
    const name = `jockey_bench_${randomBytes(4).toString('hex')}`;
    await ask(server, `CREATE DATABASE ${name}`);
    const database = new URL(server);
    database.pathname = `/${name}`;
    const dataSource = await openDataSource(database.href);
    await dataSource.runMigrations();
    const port = await freePort(HOST);
    const api = startApi(database.href, port);
    const url = `http://${HOST}:${port}`;
    while (!(await answers(`${url}/healthz`))) await sleep(100);
    return new LogWorld(dataSource, api, url, () => ask(server, `DROP DATABASE ${name} WITH (FORCE)`));
  }

  /** A build in progress. */
  async build(): Promise<string> {
    const { manager } = this.dataSource;
    const name = `bench-${randomBytes(3).toString('hex')}`;
    const stack = await manager.save(manager.create(StackRow, { name }));
    const app = await manager.save(manager.create(AppRow, { name, repo: 'jockey/bench', stackId: stack.id }));
    const rref = randomBytes(20).toString('hex');
    return (await manager.save(manager.create(BuildRow, { appId: app.id, ref: 'main', rref, state: 'in_progress' })))
      .id;
  }

  /** So many followers of a build's log, in processes of their own; resolves when all have come to the end. */
  async follow(build: string, followers: number, processes: number): Promise<readonly Followed[]> {
    const program = fileURLToPath(new URL('log-followers.js', import.meta.url));
    const args = [program, `${this.url}/builds/${build}/logs`, TOKEN, String(followers / processes)];
    const seen = await Promise.all(
      Array.from({ length: processes }, () => promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 })),
    );
    return seen.flatMap(({ stdout }) => JSON.parse(stdout) as Followed[]);
  }

  /** The most memory that the API's process has held, in MB. */
  async peakOfApi(): Promise<number> {
    return peakOf(this.api.pid ?? 0);
  }

  async stop(): Promise<void> {
    this.api.kill('SIGTERM');
    await this.dataSource.destroy();
    await this.drop();
  }
}

/** The most memory that a process has held, in MB, as Linux counts it. */
export async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? NaN) / 1024);
}

/** Only logs are asked for, so nothing but Postgres has to be there. */
function startApi(database: string, port: number): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(new URL('../src/main.js', import.meta.url))], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      DATABASE_URL: database,
      REDIS_URL: 'redis://127.0.0.1:1',
      REGISTRY_ADDRESS: '127.0.0.1:5000',
      JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
      JOCKEY_PORT: String(port),
      RATE_LIMIT_PER_MINUTE: '0',
      LOG_LEVEL: 'silent',
    },
  });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function ask(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
