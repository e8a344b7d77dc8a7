import { AsyncResource } from 'node:async_hooks';
import { type RawData, WebSocket } from 'ws';
import { domainErrorOf, problemOf } from '../errors/problem-of.js';
import type { HttpRequest } from '../http-request.js';

/** One message of a client: a text, or bytes. */
export type Frame = string | Buffer;

/** Codes with which a socket is closed: RFC 6455, section 7.4.1. */
export const CLOSE = { done: 1000, goingAway: 1001, refused: 1008, fault: 1011 } as const;

/** How long a client may take to agree that a socket is closed, in milliseconds. */
const FAREWELL = 2_000;

/** An open WebSocket of a caller. What it hands over is handed over on behalf of that caller. */
export class LiveSocket {
  private readonly left = new AbortController();
  private inTurn: Promise<void> = Promise.resolve();
  private answered = true;

  constructor(
    private readonly socket: WebSocket,
    /** The request that it was asked for by. */
    readonly request: HttpRequest,
  ) {
    socket.on('pong', () => (this.answered = true));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.left.abort());
  }

  /** Aborted when the socket is closed, by whomever. */
  get signal(): AbortSignal {
    return this.left.signal;
  }

  /**
   * Sends a text, bytes, or anything else as JSON. Resolves when the client's connection has taken it, or is gone: who
   * waits for it never fills the memory with what a slow client does not read.
   */
  send(message: Frame | object): Promise<void> {
    const data = typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    return new Promise((resolve) => {
      if (this.socket.readyState === WebSocket.OPEN) this.socket.send(data, () => resolve());
      else resolve();
    });
  }

  /**
   * Hands over what the client sends, one message after the other; while one is worked on, nothing more is read. What a
   * handler throws is told the client, and ends the socket.
   */
  receive(handle: (frame: Frame) => Promise<void> | void): void {
    const bound = AsyncResource.bind(handle);
    this.socket.on('message', (data, isBinary) => {
      this.socket.pause();
      this.inTurn = this.inTurn
        .then(() => bound(frameOf(data, isBinary)))
        .catch((error: unknown) => this.fail(error))
        .finally(() => this.socket.resume());
    });
  }

  /** Tells a failure as `{"type": "problem", …}` with the fields of a problem document, and closes. */
  async fail(error: unknown): Promise<void> {
    const problem = domainErrorOf(error);
    if (problem.code === 'internal_error') this.request.log.error({ err: error }, 'a socket failed unexpectedly');
    await this.send({ ...problemOf(problem, this.request), type: 'problem' });
    this.close(problem.code === 'internal_error' ? CLOSE.fault : CLOSE.refused, problem.code);
  }

  /** Says good-bye; a client that does not answer is cut off after a short while. */
  close(code: number = CLOSE.done, reason = ''): void {
    this.socket.resume();
    this.socket.close(code, reason);
    const cut = setTimeout(() => this.socket.terminate(), FAREWELL).unref();
    this.socket.once('close', () => clearTimeout(cut));
  }

  /** Asks for a sign of life; a client that did not answer the last time is cut off. */
  ping(): void {
    if (!this.answered) return this.socket.terminate();
    this.answered = false;
    this.socket.ping();
  }

  /** Cuts the connection. */
  cut(): void {
    this.socket.terminate();
  }
}

function frameOf(data: RawData, isBinary: boolean): Frame {
  const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
  return isBinary ? bytes : bytes.toString('utf8');
}
