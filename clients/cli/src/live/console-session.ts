import { once } from 'node:events';
import type { TextInput, TextOutput } from '../world.js';
import { type ConsoleExit, type FromConsole, inputFrame, readFrame, type ToConsole } from './console-frames.js';

/** An open WebSocket, as far as a console needs it. */
export interface ConsoleSocket {
  send(data: string | Buffer, sent: () => void): void;
  close(): void;
  pause(): void;
  resume(): void;
  on(event: 'message', hear: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: 'close', hear: (code: number, reason: Buffer) => void): unknown;
}

/** What a console is connected to here. */
export interface ConsoleEnds {
  readonly stdin: TextInput;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Whether each key goes to the command as it is pressed. */
  readonly interactive: boolean;
  /** Whether what stdin holds is handed on. */
  readonly input: boolean;
  /** Told what the run does before the command runs. */
  readonly onState: (state: Extract<FromConsole, { type: 'state' }>) => void;
}

/** How a session ended: with the command, by the detach key, or because the connection broke. */
export type SessionEnd =
  | ConsoleExit
  | Extract<FromConsole, { type: 'problem' }>
  | { readonly type: 'detached' }
  | { readonly type: 'lost'; readonly code: number };

/** Ctrl-]: a key that no shell and no editor wants for itself. */
const DETACH = 0x1d;

/** Connects a terminal, or a pipe, to a console until one side ends. */
export class ConsoleSession {
  private readonly ended: Promise<SessionEnd>;
  private end: (how: SessionEnd) => void = () => undefined;
  private written: Promise<unknown> = Promise.resolve();
  private reads = false;

  constructor(
    private readonly socket: ConsoleSocket,
    private readonly ends: ConsoleEnds,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    socket.on('message', (data, isBinary) => this.take(readFrame(data, isBinary)));
    socket.on('close', (code) => this.end({ type: 'lost', code }));
  }

  /** Resolves when it has ended, and all output is written; the terminal is then as it was before. */
  async run(): Promise<SessionEnd> {
    const { stdin, stdout, interactive } = this.ends;
    const resized = () => this.resize();
    if (interactive) {
      stdin.setRawMode?.(true);
      stdout.on('resize', resized);
      this.resize();
    }
    try {
      const how = await this.ended;
      await this.written;
      return how;
    } finally {
      stdout.off('resize', resized);
      stdin.off('data', this.typed).off('end', this.inputEnded).pause();
      if (interactive) stdin.setRawMode?.(false);
      this.socket.close();
    }
  }

  /** Sends a signal to the command. */
  signal(signal: string): void {
    this.say({ type: 'signal', signal });
  }

  /** Leaves the command alone. */
  leave(): void {
    this.end({ type: 'detached' });
  }

  /** Only when the command runs: input that comes before it is there may never reach it. */
  private readInput(): void {
    const { stdin, interactive, input } = this.ends;
    if (this.reads || !(interactive || input)) return;
    this.reads = true;
    stdin.on('data', this.typed).on('end', this.inputEnded);
    stdin.resume();
  }

  private readonly typed = (data: Buffer | string): void => {
    const bytes = Buffer.from(data as Buffer);
    const at = this.ends.interactive ? bytes.indexOf(DETACH) : -1;
    if (at >= 0) return this.leave();
    this.ends.stdin.pause();
    this.socket.send(inputFrame(bytes), () => this.ends.stdin.resume());
  };

  private readonly inputEnded = (): void => this.say({ type: 'end_of_input' });

  private resize(): void {
    const { columns, rows } = this.ends.stdout;
    if (columns !== undefined && rows !== undefined) this.say({ type: 'resize', columns, rows });
  }

  private say(message: ToConsole): void {
    this.socket.send(JSON.stringify(message), () => undefined);
  }

  private take(frame: FromConsole): void {
    switch (frame.type) {
      case 'output':
        return this.write(frame.stream, frame.bytes);
      case 'state':
        if (frame.state === 'running') this.readInput();
        return this.ends.onState(frame);
      case 'exit':
      case 'problem':
        return this.end(frame);
      case 'unknown':
        return;
    }
  }

  /** While whoever reads the output is behind, nothing more is taken from the console. */
  private write(stream: 'stdout' | 'stderr', bytes: Buffer): void {
    const target = this.ends[stream];
    if (target.write(bytes)) return;
    this.socket.pause();
    this.written = once(target, 'drain').finally(() => this.socket.resume());
  }
}
