import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from './child.js';
import { fetchOk } from './fetch-ok.js';
import { requirePrograms } from './packages.js';
import { progress } from './progress.js';
import type { PartPlace } from './redis.js';

/** Starts an image registry that may delete, and answers its address, `host:port`. */
export async function startRegistry({ ledger, folder, logs, address, port }: PartPlace): Promise<string> {
  const { 'docker-registry': file } = await requirePrograms(['docker-registry']);
  progress(`starting the image registry on ${address}:${port}`);
  const config = join(folder, 'registry.yml');
  await mkdir(folder, { recursive: true });
  // JSON is YAML too.
  await writeFile(config, JSON.stringify(configuration(join(folder, 'registry'), `${address}:${port}`), null, 2));
  await startProgram(ledger, {
    name: 'registry',
    file,
    args: ['serve', config],
    logFile: join(logs, 'registry.log'),
    ready: () => fetchOk(`http://${address}:${port}/v2/`),
  });
  return `${address}:${port}`;
}

function configuration(rootdirectory: string, addr: string): unknown {
  return {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr, headers: { 'X-Content-Type-Options': ['nosniff'] } },
  };
}
