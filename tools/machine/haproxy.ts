import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { requirePrograms } from './packages.js';
import type { ProcessRecord } from './processes.js';
import { progress } from './progress.js';
import type { PartPlace } from './redis.js';

/** A HAProxy with the configuration of Jockey, and a page of figures beside it. */
export interface HaproxyOptions extends PartPlace {
  /** What GET /routes/haproxy.cfg answers for this address and port. */
  readonly config: string;
  /** Port of the same address for `/;csv`, HAProxy's own figures. */
  readonly figuresPort: number;
}

/** Starts a HAProxy in the foreground; it serves when it answers anything. */
export async function startHaproxy(options: HaproxyOptions): Promise<ProcessRecord> {
  const { ledger, folder, logs, address, port } = options;
  const { haproxy: file } = await requirePrograms(['haproxy']);
  progress(`starting HAProxy on ${address}:${port}`);
  await mkdir(folder, { recursive: true });
  const [config, figures] = [join(folder, 'haproxy.cfg'), join(folder, 'haproxy-figures.cfg')];
  await writeFile(config, options.config);
  await writeFile(figures, figuresConfig(options));
  return startProgram(ledger, {
    name: 'haproxy',
    file,
    args: ['-db', '-f', config, '-f', figures],
    logFile: join(logs, 'haproxy.log'),
    ready: () => fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(1_000) }),
  });
}

function figuresConfig({ address, figuresPort }: HaproxyOptions): string {
  return `defaults figures
    mode http
    timeout connect 2s
    timeout client 10s
    timeout server 10s

frontend figures from figures
    bind ${address}:${figuresPort}
    stats enable
    stats uri /
`;
}
