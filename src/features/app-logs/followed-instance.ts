import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputMark } from '../../domain/log/output-position.js';
import type { OutputReader } from './output-reader.js';
import { Printed, type SaidLine } from './printed.js';
import type { PrintingInstance } from './printing-instances.js';

/** Before the output of a container that ended, or of a host that is silent, is asked for again, in milliseconds. */
const AGAIN = 1_000;

/** One that is gone is heard out for so long, in milliseconds. */
const HEAR_OUT = 1_000;

/** When so many lines wait to be sent, no more are read before they are. */
const MOST_WAITING = 2_000;

/** One instance that is followed: reads on through restarts of its container and outages of its host. */
export class FollowedInstance {
  readonly printed: Printed;
  /** Whether all that it said was read, and nothing more will come. */
  isOver = false;
  private lines: SaidLine[] = [];
  private silences: unknown[] = [];
  private isSilent = false;
  private taken: (() => void) | null = null;
  private readonly leaving = new AbortController();
  private farewell: NodeJS.Timeout | null = null;

  constructor(
    of: PrintingInstance,
    mark: OutputMark | null,
    private readonly reader: OutputReader,
  ) {
    this.printed = new Printed(of, mark);
  }

  get of(): PrintingInstance {
    return this.printed.of;
  }

  /** Reads until aborted or gone. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const both = AbortSignal.any([signal, this.leaving.signal]);
    while (!both.aborted) {
      await this.read(both).catch((error: unknown) => this.noteSilence(error));
      if (this.farewell === null) await sleep(AGAIN, undefined, { signal: both }).catch(() => undefined);
      else break;
    }
    if (this.farewell !== null) clearTimeout(this.farewell);
    this.isOver = true;
  }

  /** It is there, and where. */
  isStill(instance: PrintingInstance): void {
    this.printed.of = instance;
  }

  /** It is not there any more. */
  isGone(): void {
    this.farewell ??= setTimeout(() => this.leaving.abort(), HEAR_OUT);
  }

  /** What it said since the last time. */
  takeLines(): SaidLine[] {
    const lines = this.lines;
    this.lines = [];
    this.taken?.();
    this.taken = null;
    return lines;
  }

  /** Why it could not be read, told once an outage. */
  takeSilences(): unknown[] {
    return this.silences.splice(0);
  }

  private async read(signal: AbortSignal): Promise<void> {
    for await (const lines of this.reader.follow(this.printed, signal)) {
      this.isSilent = false;
      this.lines.push(...this.printed.take(lines));
      if (this.lines.length >= MOST_WAITING) await this.room(signal);
    }
    this.lines.push(...this.printed.rest());
  }

  private noteSilence(error: unknown): void {
    if (!this.isSilent) this.silences.push(error);
    this.isSilent = true;
  }

  private room(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.taken = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
