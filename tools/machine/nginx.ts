import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { requirePrograms } from './packages.js';
import type { ProcessRecord } from './processes.js';
import { progress } from './progress.js';
import type { PartPlace } from './redis.js';

/** An nginx that includes the routes of Jockey. */
export interface RunningNginx {
  readonly process: ProcessRecord;
  /** Its program. */
  readonly file: string;
  /** Its configuration, for `nginx -t -c` and `nginx -s reload -c`. */
  readonly config: string;
  /** The file that it includes into its `http` block. */
  readonly routes: string;
}

/** Starts an nginx in the foreground with what GET /routes/nginx.conf answers for this address and port. */
export async function startNginx({ routes, ...place }: PartPlace & { routes: string }): Promise<RunningNginx> {
  const { ledger, folder, logs, address, port } = place;
  const { nginx: file } = await requirePrograms(['nginx']);
  progress(`starting nginx on ${address}:${port}`);
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(logs, { recursive: true })]);
  const [config, included] = [join(folder, 'nginx.conf'), join(folder, 'nginx-routes.conf')];
  await writeFile(included, routes);
  await writeFile(config, configuration(place, included));
  const process = await startProgram(ledger, {
    name: 'nginx',
    file,
    args: ['-c', config, '-g', 'daemon off;'],
    logFile: join(logs, 'nginx.log'),
    ready: () => fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(1_000) }),
  });
  return { process, file, config, routes: included };
}

function configuration({ folder, logs }: PartPlace, included: string): string {
  return `pid ${join(folder, 'nginx.pid')};
error_log ${join(logs, 'nginx-error.log')} warn;
worker_processes 1;
events {
    worker_connections 4096;
}
http {
    access_log off;
    server_names_hash_bucket_size 256;
    include ${included};
}
`;
}
