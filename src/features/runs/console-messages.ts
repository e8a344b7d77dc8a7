import { DomainError } from '../../domain/kernel/errors.js';
import type { ConsoleSize } from '../../ports/container-consoles.js';
import type { Frame } from '../../http/sockets/live-socket.js';
import { LARGEST_TERMINAL } from './run.dto.js';

/** What the WebSocket of a console speaks. */
export const CONSOLE_PROTOCOL = 'jockey.console.v1';

/** First byte of a binary message: of what is typed, and of what was printed. */
export const CHANNEL = { stdin: 0, stdout: 1, stderr: 2 } as const;

/** Signals that may be sent to a program: those that people send, and none that only a kernel does. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGTERM', 'SIGUSR1', 'SIGUSR2', 'SIGTSTP', 'SIGCONT'];

/** What a client says. */
export type ConsoleWord =
  | { readonly type: 'input'; readonly bytes: Buffer }
  | ({ readonly type: 'resize' } & ConsoleSize)
  | { readonly type: 'signal'; readonly signal: string }
  | { readonly type: 'end_of_input' };

/** Reads a message of a client. Throws `bad_request` for what is none. */
export function readWord(frame: Frame): ConsoleWord {
  if (typeof frame !== 'string') return readInput(frame);
  const word = parse(frame);
  if (word['type'] === 'end_of_input') return { type: 'end_of_input' };
  if (word['type'] === 'resize')
    return { type: 'resize', columns: sideOf(word, 'columns'), rows: sideOf(word, 'rows') };
  if (word['type'] !== 'signal') throw bad('"type" has to be resize, signal or end_of_input.');
  const { signal } = word;
  if (typeof signal !== 'string' || !SIGNALS.includes(signal))
    throw bad(`"signal" has to be one of ${SIGNALS.join(', ')}.`);
  return { type: 'signal', signal };
}

/** Bytes that were printed, as a message. */
export function outputFrame(channel: 'stdout' | 'stderr', bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([CHANNEL[channel]]), bytes]);
}

function readInput(frame: Buffer): ConsoleWord {
  if (frame[0] !== CHANNEL.stdin) throw bad('the first byte of a binary message has to be 0: what is typed.');
  return { type: 'input', bytes: frame.subarray(1) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const word: unknown = JSON.parse(text);
    if (typeof word === 'object' && word !== null && !Array.isArray(word)) return word as Record<string, unknown>;
  } catch {
    // What is no JSON is told as what is no object.
  }
  throw bad('a text message has to be a JSON object.');
}

function sideOf(word: Readonly<Record<string, unknown>>, side: 'columns' | 'rows'): number {
  const value = word[side];
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= LARGEST_TERMINAL)
    return value as number;
  throw bad(`"${side}" has to be a whole number from 1 to ${LARGEST_TERMINAL}.`);
}

const bad = (why: string): DomainError => new DomainError('bad_request', `The message is not understood: ${why}`);
