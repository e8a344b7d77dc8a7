import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SetupFailure } from './failure.js';
import { Ledger, type Holder } from './ledger.js';
import { isAlive, recordOf } from './processes.js';
import { progress } from './progress.js';
import { tearDown } from './tear-down.js';
import { until } from './until.js';

/** A run that is to be the only one of its kind. */
export interface ClaimRequest {
  readonly path: string;
  /** What holds it, as the user knows it: "npm test". */
  readonly command: string;
  /** Control group that its containers will live below. */
  readonly cgroup?: string;
  /** How to end a run of this kind that stays up by itself. */
  readonly takeDown: string;
}

/** A ledger that is ours, with the reaper that takes everything down when this process ends. */
export class Claim {
  private constructor(
    readonly ledger: Ledger,
    private readonly reaper: ChildProcess,
  ) {}

  /** Sweeps what an ended run has left, refuses while a living one holds the ledger, and takes it. */
  static async take(request: ClaimRequest): Promise<Claim> {
    const ledger = new Ledger(request.path);
    const holder = await holderOfThis(request.command);
    while (!ledger.create(holder, request.cgroup)) await sweepOrRefuse(ledger, request.takeDown);
    const reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.js', import.meta.url)), request.path], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    await once(reaper, 'spawn');
    reaper.stdin?.on('error', () => undefined);
    reaper.unref();
    ledger.write({ reaper: (await recordOf(reaper.pid ?? 0)) ?? null });
    return new Claim(ledger, reaper);
  }

  /** Takes everything down; the same way as when this process is killed. */
  async end(): Promise<void> {
    this.reaper.ref();
    const ended = this.reaper.exitCode === null ? once(this.reaper, 'exit') : undefined;
    this.reaper.stdin?.end();
    await ended;
    await tearDown(this.ledger);
  }

  /** Lets everything stay up after this process ends. */
  async letGo(): Promise<void> {
    this.ledger.write({ owner: null });
    this.reaper.stdin?.end();
    await once(this.reaper, 'exit');
  }
}

async function holderOfThis(command: string): Promise<Holder> {
  const owner = (await recordOf(process.pid)) ?? null;
  return { command, folder: process.cwd(), since: new Date().toISOString(), owner, reaper: null };
}

async function sweepOrRefuse(ledger: Ledger, takeDown: string): Promise<void> {
  const held = ledger.read();
  if (held === undefined) return;
  const { command, folder, since, owner, reaper } = held;
  if (owner === null) throw new SetupFailure(`"${command}" of ${folder} is up since ${since}`, takeDown);
  if (await isAlive(owner))
    throw new SetupFailure(
      `"${command}" of ${folder} (process ${owner.pid}) is running since ${since}`,
      'Two cannot run at once on one machine: wait for it, or end it.',
    );
  progress(`clearing what an earlier "${command}" has left`);
  if (reaper !== null)
    await until({ what: `its reaper (process ${reaper.pid})`, seconds: 60 }, async () => !(await isAlive(reaper)));
  await tearDown(ledger);
}
