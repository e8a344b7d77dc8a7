import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { exitOfCommand } from './command-exit.js';
import { inputFrame, readFrame } from './console-frames.js';
import { type ConsoleEnds, ConsoleSession, type ConsoleSocket } from './console-session.js';

/** A console on the other side: what it was sent, and what it says. */
class FakeSocket extends EventEmitter implements ConsoleSocket {
  readonly sent: (string | Buffer)[] = [];
  isClosed = false;
  isPaused = false;

  send(data: string | Buffer, done: () => void): void {
    this.sent.push(data);
    done();
  }

  close(): void {
    this.isClosed = true;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  prints(channel: number, text: string): void {
    this.emit('message', Buffer.concat([Buffer.of(channel), Buffer.from(text)]), true);
  }

  says(message: object): void {
    this.emit('message', Buffer.from(JSON.stringify(message)), false);
  }

  get typed(): string {
    return Buffer.concat(this.sent.filter((each) => Buffer.isBuffer(each)).map((each) => each.subarray(1))).toString();
  }

  get told(): unknown[] {
    return this.sent.filter((each) => typeof each === 'string').map((each) => JSON.parse(each) as unknown);
  }
}

class FakeTerminal extends PassThrough {
  readonly isTTY = true;
  columns = 80;
  rows = 24;
  raw: boolean[] = [];

  setRawMode(raw: boolean): this {
    this.raw.push(raw);
    return this;
  }
}

const EXIT = { type: 'exit', exit_code: 3, signal: null, reason: null };

function scene(more: Partial<ConsoleEnds> = {}, runs = true) {
  const [stdin, stdout, stderr] = [new FakeTerminal(), new FakeTerminal(), new FakeTerminal()];
  const socket = new FakeSocket();
  const states: unknown[] = [];
  const ends = {
    stdin,
    stdout,
    stderr,
    interactive: true,
    input: false,
    onState: (state: unknown) => states.push(state),
  };
  const session = new ConsoleSession(socket, { ...ends, ...more } as ConsoleEnds);
  const ended = session.run();
  if (runs) socket.says({ type: 'state', state: 'running' });
  return { stdin, stdout, stderr, socket, states, session, ended };
}

describe('ConsoleSession', () => {
  it('hands each key on, and tells the size of the terminal whenever it changes', async () => {
    const { stdin, stdout, socket, ended } = scene();
    stdin.write('ls\r');
    await setImmediate();
    stdout.columns = 132;
    stdout.emit('resize');
    socket.says(EXIT);
    expect(await ended).toEqual(EXIT);
    expect(socket.typed).toBe('ls\r');
    expect(socket.told).toEqual([
      { type: 'resize', columns: 80, rows: 24 },
      { type: 'resize', columns: 132, rows: 24 },
    ]);
  });

  it('leaves the terminal as it was', async () => {
    const { stdin, socket, ended } = scene();
    socket.says(EXIT);
    await ended;
    expect([stdin.raw, socket.isClosed, stdin.isPaused()]).toEqual([[true, false], true, true]);
  });

  it('keeps stdout and stderr apart', async () => {
    const { stdout, stderr, socket, ended } = scene();
    socket.prints(1, 'data');
    socket.prints(2, 'noise');
    socket.says(EXIT);
    await ended;
    expect([String(stdout.read()), String(stderr.read())]).toEqual(['data', 'noise']);
  });

  it('leaves the command with the detach key, and hands Ctrl-C on', async () => {
    const { stdin, socket, ended } = scene();
    stdin.write('\u0003');
    await setImmediate();
    stdin.write('\u001d');
    expect(await ended).toEqual({ type: 'detached' });
    expect(socket.typed).toBe('\u0003');
  });

  it('hands on what is piped in, byte for byte, and that it has ended', async () => {
    const { stdin, socket, ended } = scene({ interactive: false, input: true });
    stdin.end(Buffer.of(0x1d, 0, 255));
    await new Promise((resolve) => stdin.once('end', resolve));
    socket.says(EXIT);
    await ended;
    expect(socket.sent).toEqual([Buffer.of(0, 0x1d, 0, 255), JSON.stringify({ type: 'end_of_input' })]);
    expect(stdin.raw).toEqual([]);
  });

  it('keeps what is piped in until the command runs', async () => {
    const { stdin, socket, ended } = scene({ interactive: false, input: true }, false);
    stdin.end('early');
    await setImmediate();
    expect(socket.sent).toEqual([]);
    socket.says({ type: 'state', state: 'running' });
    await new Promise((resolve) => stdin.once('end', resolve));
    socket.says(EXIT);
    await ended;
    expect(socket.typed).toBe('early');
  });

  it('takes nothing more while whoever reads is behind', async () => {
    const { stdout, socket, ended } = scene();
    socket.prints(1, 'x'.repeat(1_000_000));
    expect(socket.isPaused).toBe(true);
    const all = stdout.resume();
    socket.says(EXIT);
    await ended;
    expect([socket.isPaused, all.readableLength]).toEqual([false, 0]);
  });

  it('tells a connection that broke from a command that ended', async () => {
    const { socket, ended } = scene();
    socket.emit('close', 1006, Buffer.alloc(0));
    expect(await ended).toEqual({ type: 'lost', code: 1006 });
  });

  it('says what the run waits for', async () => {
    const { socket, states, ended } = scene({}, false);
    socket.says({ type: 'state', state: 'waiting', waiting_for: 'room' });
    socket.says({ type: 'something_new' });
    socket.says(EXIT);
    await ended;
    expect(states).toEqual([{ type: 'state', state: 'waiting', waiting_for: 'room' }]);
  });
});

describe('frames of a console', () => {
  it('begin with their channel', () => {
    expect(inputFrame(Buffer.from('a'))).toEqual(Buffer.of(0, 97));
    expect(readFrame(Buffer.of(2, 97), true)).toEqual({ type: 'output', stream: 'stderr', bytes: Buffer.from('a') });
  });

  it.each([
    [Buffer.of(9, 97), true],
    [Buffer.from('no JSON'), false],
    [Buffer.from('{"type":"new"}'), false],
  ])('that are not known say nothing: %o', (data, isBinary) => {
    expect(readFrame(data, isBinary)).toEqual({ type: 'unknown' });
  });
});

describe('exitOfCommand', () => {
  it.each([
    [{ exit_code: 0, signal: null }, 0],
    [{ exit_code: 42, signal: null }, 42],
    [{ exit_code: 137, signal: 'SIGKILL' }, 137],
    [{ exit_code: null, signal: 'SIGTERM' }, 143],
    [{ exit_code: null, signal: null }, 2],
  ])('of %o is %i', (end, code) => {
    expect(exitOfCommand(end)).toBe(code);
  });
});
