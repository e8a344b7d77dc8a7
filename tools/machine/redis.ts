import { connect } from 'node:net';
import { join } from 'node:path';
import { startProgram } from './child.js';
import type { Ledger } from './ledger.js';
import { requirePrograms } from './packages.js';
import { progress } from './progress.js';

/** Where a part keeps its data and its logs, and where it listens. */
export interface PartPlace {
  readonly ledger: Ledger;
  /** Folder of its data and configuration. */
  readonly folder: string;
  readonly logs: string;
  readonly address: string;
  readonly port: number;
}

/** Starts a Redis that keeps nothing on disk, and answers its address. */
export async function startRedis({ ledger, logs, address, port }: PartPlace): Promise<string> {
  const { 'redis-server': file } = await requirePrograms(['redis-server']);
  progress(`starting Redis on ${address}:${port}`);
  const settings = { bind: address, port: String(port), save: '', appendonly: 'no', 'set-proc-title': 'no' };
  await startProgram(ledger, {
    name: 'redis',
    file,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    logFile: join(logs, 'redis.log'),
    ready: async () => ping(address, port),
  });
  return `redis://${address}:${port}`;
}

async function ping(address: string, port: number): Promise<void> {
  await tell({ address, port }, 'PING', '+PONG');
}

/** Empties a Redis: every key of every database goes. */
export async function flushRedis({ address, port }: Pick<PartPlace, 'address' | 'port'>): Promise<void> {
  await tell({ address, port }, 'FLUSHALL', '+OK');
}

/** Says one word to a Redis, and rejects where the answer is another one. */
async function tell(to: Pick<PartPlace, 'address' | 'port'>, word: string, answer: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect({ host: to.address, port: to.port }, () => socket.write(`${word}\r\n`));
    socket.setTimeout(1000, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      if (data.toString().startsWith(answer)) resolve();
      else reject(new Error(data.toString()));
    });
  });
}
