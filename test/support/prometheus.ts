import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePrograms } from '../../tools/machine/packages.js';
import { unusedPort } from '../contract/cluster.js';
import { eventually } from './eventually.js';

/** What an instant query answered. */
export interface QueryAnswer {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data?: { readonly resultType: string; readonly result: readonly unknown[] };
}

/** A real Prometheus, with a set-up and a store of its own. */
export class Prometheus {
  private constructor(
    /** Its base, `http://127.0.0.1:9090/below/`. */
    readonly url: string,
    private readonly folder: string,
    private readonly program: ChildProcess,
  ) {}

  /** Starts one that answers below a path; `config` is told its port. */
  static async start(config: (port: number) => string): Promise<Prometheus> {
    const { prometheus: file } = await requirePrograms(['prometheus']);
    const port = await unusedPort();
    const folder = await mkdtemp(join(tmpdir(), 'jockey-prometheus-'));
    await writeFile(join(folder, 'prometheus.yml'), config(port));
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.route-prefix=/below',
    ];
    const program = spawn(file, args, { stdio: 'ignore' });
    const prometheus = new Prometheus(`http://127.0.0.1:${port}/below/`, folder, program);
    await prometheus.ready();
    return prometheus;
  }

  /** Asks its API below `api/v1/`. */
  async ask<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
    const answer = await fetch(`${this.url}api/v1/${path}?${new URLSearchParams(parameters)}`);
    return (await answer.json()) as T;
  }

  /** What a query gives now. */
  async query(query: string): Promise<QueryAnswer> {
    return this.ask<QueryAnswer>('query', { query });
  }

  async stop(): Promise<void> {
    if (this.program.exitCode === null) {
      this.program.kill('SIGKILL');
      await once(this.program, 'exit');
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const asked = (): Promise<boolean> =>
      fetch(`${this.url}-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually('Prometheus to serve', asked, 60);
  }
}
