import { Ledger } from './ledger.js';
import { outliveReaders } from './progress.js';
import { tearDown } from './tear-down.js';

/**
 * Runs beside a run and holds the other end of a pipe from it. However the run ends, even by SIGKILL, the pipe closes,
 * and everything in its ledger is taken away; unless the run has let go of it, to stay up.
 */
async function reap(path: string): Promise<void> {
  const ledger = new Ledger(path);
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('close', resolve));
  if (ledger.read()?.owner !== null) await tearDown(ledger);
}

outliveReaders();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
const path = process.argv[2];
if (path === undefined) throw new Error('usage: reaper LEDGER');
await reap(path);
