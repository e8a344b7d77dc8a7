import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../domain/kernel/errors.js';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import type { Frame, LiveSocket } from '../../http/sockets/live-socket.js';
import type { OpenConsole } from '../../ports/container-consoles.js';
import type { RunRow } from '../../store/entities/index.js';
import type { LogBook } from '../../store/log-book.js';
import type { Runs } from '../../store/repositories/runs.js';
import { outputFrame, readWord } from './console-messages.js';
import { cannotTakeOver, type RunConnections } from './run-connection.js';

/** Between two looks at a run that somebody waits for, in milliseconds. */
const LOOK = 150;

/** How often it is noted that somebody is there, in milliseconds: well within the shortest grace. */
const HEARTBEAT = 1_500;

/** How long the end of a run may take to be written after its output ended, in milliseconds. */
const END = 60_000;

/** Ctrl-D: what a terminal takes for the end of what is typed. */
const END_OF_INPUT = Buffer.from([4]);

/** After its end, what a program printed may take so long to come, in milliseconds. */
const LAST_WORDS = 2_000;

/** Lines of a log that are sent at a time. */
const LINES = 500;

/** What a session works with. */
export interface ConsoleParts {
  readonly runs: Runs;
  readonly logBook: Pick<LogBook, 'read'>;
  readonly connections: RunConnections;
}

/** One open console of a run: from its waiting to its end, or until the client leaves. */
export class ConsoleSession {
  private connect!: (console: OpenConsole | null) => void;
  /** Settles when it is known what is typed to; until then nothing is read of the client. */
  private readonly connected = new Promise<OpenConsole | null>((resolve) => (this.connect = resolve));
  private begin!: () => void;
  /** Settles when the program runs: what is written to a container before its start may be lost. */
  private readonly begun = new Promise<void>((resolve) => (this.begin = resolve));
  private told: string | null = null;

  constructor(
    private readonly parts: ConsoleParts,
    private readonly socket: LiveSocket,
    private run: RunRow,
  ) {}

  /** Never rejects: what goes wrong is told the client. */
  async serve(): Promise<void> {
    const beat = setInterval(() => void this.note(), HEARTBEAT);
    this.socket.receive((frame) => this.take(frame));
    try {
      await this.note();
      const console = await this.untilConnected();
      this.connect(console);
      await (console === null ? this.showLog() : this.show(console));
      await this.end();
    } catch (error) {
      await this.socket.fail(error);
    } finally {
      clearInterval(beat);
      this.connect(null);
      this.begin();
    }
  }

  /** Says each state as it comes, until there is a program to connect to, or only a log. */
  private async untilConnected(): Promise<OpenConsole | null> {
    const { connections } = this.parts;
    while (!this.socket.signal.aborted) {
      await this.look();
      const { kind, state, execId } = this.run;
      const needsConsole = this.run.interactive || this.run.input;
      if (runLifecycle.isFinal(state) || (kind === 'exec' && !needsConsole)) return null;
      if (kind === 'exec' && execId !== null) throw cannotTakeOver(this.run);
      const console = kind === 'exec' || state !== 'waiting' ? await connections.connect(this.run) : null;
      if (console !== null) return console;
      await sleep(LOOK);
    }
    return null;
  }

  private async show(console: OpenConsole): Promise<void> {
    const shown = new AbortController();
    const signal = AbortSignal.any([shown.signal, this.socket.signal]);
    const watching = this.watch(console, signal);
    try {
      for await (const { channel, bytes } of console.output) await this.socket.send(outputFrame(channel, bytes));
    } finally {
      shown.abort();
      await watching;
    }
  }

  /** Says what becomes of it; a connection that does not end with the run, or with the client, is let go of. */
  private async watch(console: OpenConsole, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !runLifecycle.isFinal(this.run.state)) {
      await sleep(LOOK * 3, undefined, { signal }).catch(() => undefined);
      await this.look().catch(() => undefined);
    }
    await sleep(LAST_WORDS, undefined, { signal }).catch(() => undefined);
    console.close();
  }

  /** What was printed, without secrets, where there is no program to connect to. */
  private async showLog(): Promise<void> {
    const of = { subject: 'run', id: this.run.id } as const;
    for (let after = '0'; !this.socket.signal.aborted;) {
      const isOver = runLifecycle.isFinal(this.run.state);
      const lines = await this.parts.logBook.read(of, { after, before: null, limit: LINES });
      for (const { stream, text } of lines)
        if (stream === 'stdout' || stream === 'stderr')
          await this.socket.send(outputFrame(stream, Buffer.from(`${text}\n`)));
      after = lines.at(-1)?.position ?? after;
      if (isOver && lines.length < LINES) return;
      if (lines.length < LINES) await sleep(LOOK);
      await this.look();
    }
  }

  /** Says how it ended, once that is written. */
  private async end(): Promise<void> {
    const deadline = performance.now() + END;
    while (!runLifecycle.isFinal(this.run.state) && !this.socket.signal.aborted) {
      if (performance.now() > deadline)
        throw new DomainError(
          'unavailable',
          `Its output ended, but nobody said how: look at GET /runs/${this.run.id}.`,
        );
      await sleep(LOOK);
      await this.look();
    }
    const { exitCode, signal, failureReason, outcome } = this.run;
    await this.socket.send({ type: 'exit', exit_code: exitCode, signal, reason: failureReason, outcome });
    this.socket.close();
  }

  /** Reads it again, and says the state where it is another. */
  private async look(): Promise<void> {
    this.run = await this.parts.runs.get(this.run.id);
    const { kind, state, waitingFor } = this.run;
    if (kind === 'exec' || state === 'running' || runLifecycle.isFinal(state)) this.begin();
    const said = `${state} ${waitingFor ?? ''}`;
    if (said === this.told) return;
    this.told = said;
    await this.socket.send({ type: 'state', state, waiting_for: waitingFor });
  }

  private async note(): Promise<void> {
    await this.parts.runs.noteConsole(this.run.id).catch(() => undefined);
  }

  private async take(frame: Frame): Promise<void> {
    const word = readWord(frame);
    const console = await this.connected;
    if (console === null) return;
    if (word.type === 'resize') {
      const { columns, rows } = word;
      return this.parts.connections.resize(this.run, { columns, rows });
    }
    if (word.type === 'signal') return this.parts.connections.signal(this.run, word.signal);
    if (!this.run.interactive && !this.run.input)
      throw new DomainError('unprocessable_entity', `Run ${this.run.id} was asked for without an input.`);
    await this.begun;
    if (word.type === 'input') return console.write(word.bytes);
    return this.run.interactive ? console.write(END_OF_INPUT) : console.endInput();
  }
}
