import { StringDecoder } from 'node:string_decoder';
import type { Host } from '../../domain/host/host.js';
import { PrintedBytes } from '../../domain/log/printed-bytes.js';
import type { OpenConsole } from '../../ports/container-consoles.js';
import type { ContainerLogs } from '../../ports/container-logs.js';
import type { RunRow } from '../../store/entities/index.js';
import type { RunProgress } from '../../store/repositories/run-progress.js';
import type { BuildLog } from '../builds/build-log.js';

/** Lines are surely written so long after they were taken, in milliseconds: up to them need nobody read again. */
const WRITTEN = 2_000;

/** How long the output of a program that ended may take to come, in milliseconds. */
const AFTERMATH = 10_000;

/** Brings what a program prints into its run's log, as it comes, until it ends. */
export class RunOutput {
  private readonly stopping = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: BuildLog,
    private readonly progress: Pick<RunProgress, 'keepOutputAt'>,
  ) {}

  /** Follows a container from where the log ends; one that was followed before an engine's death may say a few lines twice. */
  follow(logs: ContainerLogs, host: Host, run: RunRow): void {
    this.done = this.followLines(logs, host, run).catch(() => undefined);
  }

  /** Takes what comes by a connection. */
  take(console: OpenConsole): void {
    this.stopping.signal.addEventListener('abort', () => console.close());
    this.done = this.takeAll(console).catch(() => undefined);
  }

  /** Resolves when all that a program printed before its end is taken. */
  async ended(): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, AFTERMATH).unref());
    await Promise.race([this.done, late]);
    this.stop();
  }

  stop(): void {
    this.stopping.abort();
  }

  private async followLines(logs: ContainerLogs, host: Host, run: RunRow): Promise<void> {
    const { signal } = this.stopping;
    const since = run.outputAt === null ? null : BigInt(run.outputAt) + 1n;
    const taken = new TakenUpTo();
    for await (const lines of logs.follow(host, run.containerName ?? '', { since, signal })) {
      for (const { text, stream, goesOn } of lines) await this.put(text, stream, goesOn);
      const written = taken.up(lines.at(-1)?.at ?? 0n);
      if (written !== null) await this.progress.keepOutputAt(run.id, written).catch(() => undefined);
    }
  }

  private async takeAll(console: OpenConsole): Promise<void> {
    const lines = () => new PrintedBytes<Buffer>(new StringDecoder('utf8'));
    const streams = { stdout: lines(), stderr: lines() };
    for await (const { channel, bytes } of console.output)
      for (const { text, goesOn } of streams[channel].add(bytes)) await this.put(text, channel, goesOn);
    for (const channel of ['stdout', 'stderr'] as const)
      for (const { text, goesOn } of streams[channel].end()) await this.put(text, channel, goesOn);
  }

  private async put(text: string, stream: 'stdout' | 'stderr', goesOn: boolean): Promise<void> {
    await this.log.addPrinted('run', { text, stream, step: null, goesOn });
  }
}

/** Remembers what was taken a while ago. */
class TakenUpTo {
  private latest = 0n;
  private at = performance.now();

  /** What is surely written by now; null while nothing more is than the last time. */
  up(position: bigint): bigint | null {
    if (performance.now() - this.at < WRITTEN) return null;
    const written = this.latest;
    this.latest = position;
    this.at = performance.now();
    return written === 0n ? null : written;
  }
}
