import type { IncomingMessage } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import type { Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import { type WebSocket, WebSocketServer } from 'ws';
import { Environment } from '../../config/environment.js';
import { CallerFinder } from '../auth/caller-finder.js';
import { isFromOwnPage } from '../auth/same-origin.js';
import type { HttpRequest } from '../http-request.js';
import { CLOSE, LiveSocket } from './live-socket.js';
import { type Upgrade, upgradeOf } from './upgrades.js';

/** The largest message that is taken of a client, in bytes: more than anybody types or pastes at once. */
export const LARGEST_FRAME = 256 * 1024;

/** Between two signs of life, in milliseconds, so that no proxy takes the connection for dead. */
const HEARTBEAT = 20_000;

/** How many heartbeats pass between two looks at who holds a socket: a minute. */
const LOOK = 3;

/** What a socket is opened with. */
export interface SocketOptions {
  /** The subprotocol that it speaks: a client that offers some, and not this one, is refused. */
  readonly protocol?: string;
}

/** A request that asks for a socket, and its answer as Express has it. */
export interface Handshake {
  readonly request: HttpRequest;
  readonly response: Response;
}

/**
 * The WebSockets of this process. A handler calls {@link accept} as its last deed: until then it refuses as any other
 * handler does, by throwing. A socket ends with the right of its caller, as soon as that is seen to be gone or changed.
 */
@Injectable()
export class LiveSockets implements BeforeApplicationShutdown {
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_FRAME,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (_offered, request) => this.protocols.get(request) ?? false,
  });
  private readonly protocols = new WeakMap<IncomingMessage, string>();
  private readonly sockets = new Map<LiveSocket, Caller>();
  private readonly beat = setInterval(() => this.lookAtAll(), HEARTBEAT).unref();
  private beats = 0;
  private isClosing = false;

  constructor(
    private readonly settings: Environment,
    private readonly callers: CallerFinder,
  ) {
    this.server.on('headers', (lines, request) => lines.push(`X-Request-Id: ${(request as HttpRequest).id}`));
  }

  /** Turns a request into an open socket. Throws what the request is refused with. */
  accept({ request, response }: Handshake, options: SocketOptions = {}): LiveSocket {
    const upgrade = upgradeOf(request);
    if (upgrade === undefined) throw needsUpgrade(options);
    const { caller } = request;
    if (caller === undefined) throw new DomainError('not_authenticated', 'A socket belongs to somebody who is known.');
    checkHandshake(request, options);
    this.refuse(request, caller);
    response.detachSocket(upgrade.socket);
    if (options.protocol !== undefined) this.protocols.set(request, options.protocol);
    const opened = this.open(request, upgrade);
    if (opened === null)
      throw new DomainError('bad_request', 'The connection was closed before it became a WebSocket.');
    // What counts and logs requests sees this one end here: how long a socket lives is not how long it took to answer.
    response.statusCode = 101;
    response.emit('finish');
    return this.remember(new LiveSocket(opened, request), caller);
  }

  /** Says good-bye to all: those who come again find another process, or this one after its restart. */
  close(): void {
    this.isClosing = true;
    clearInterval(this.beat);
    for (const socket of this.sockets.keys()) socket.close(CLOSE.goingAway, 'Jockey stops; connect again in a moment');
  }

  beforeApplicationShutdown(): void {
    this.close();
  }

  private refuse(request: HttpRequest, caller: Caller): void {
    if (this.isClosing) throw new DomainError('unavailable', 'Jockey stops; connect again in a moment.');
    if (request.token === undefined && !isFromOwnPage(request, this.settings.JOCKEY_URL)) throw openedElsewhere();
    const own = [...this.sockets.values()].filter(({ name }) => name === caller.name).length;
    if (own >= this.settings.SOCKETS_PER_CALLER)
      throw new DomainError('rate_limited', `${caller.name} has ${own} sockets open, which is the most: close one.`);
  }

  /** Null for a connection that is gone. With nothing to be asked first, it is open at once. */
  private open(request: HttpRequest, { socket, head }: Upgrade): WebSocket | null {
    let opened: WebSocket | null = null;
    this.server.handleUpgrade(request, socket, head, (made: WebSocket) => (opened = made));
    return opened;
  }

  private remember(socket: LiveSocket, caller: Caller): LiveSocket {
    this.sockets.set(socket, caller);
    socket.signal.addEventListener('abort', () => this.sockets.delete(socket));
    if (this.isClosing) socket.close(CLOSE.goingAway);
    return socket;
  }

  private lookAtAll(): void {
    this.beats += 1;
    for (const [socket, caller] of this.sockets) {
      socket.ping();
      if (this.beats % LOOK === 0) void this.lookAt(socket, caller);
    }
  }

  /** Where nobody can be asked now, a socket stays as it is: it was opened by right. */
  private async lookAt(socket: LiveSocket, caller: Caller): Promise<void> {
    const now = await this.callers.of(socket.request).catch((error: unknown) => (isOutage(error) ? caller : null));
    if (now === null) socket.close(CLOSE.refused, 'the token is not valid any more');
    else if (JSON.stringify(now.grants) !== JSON.stringify(caller.grants))
      socket.close(CLOSE.refused, 'the rights have changed; connect again');
  }
}

/** Says before it is too late to say it well what the protocol itself would refuse: RFC 6455, section 4.2.1. */
function checkHandshake({ headers }: HttpRequest, { protocol }: SocketOptions): void {
  if (!KEY.test(headers['sec-websocket-key'] ?? '') || headers['sec-websocket-version'] !== '13')
    throw new DomainError(
      'bad_request',
      'Sec-WebSocket-Version has to be 13, and Sec-WebSocket-Key 16 bytes in Base64.',
    );
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  if (!PROTOCOLS.test(headers['sec-websocket-protocol'] ?? 'none'))
    throw new DomainError('bad_request', 'Sec-WebSocket-Protocol has to be names with commas between.');
  if (protocol !== undefined && offered[0] !== '' && !offered.includes(protocol))
    throw new DomainError('bad_request', `Sec-WebSocket-Protocol has to offer "${protocol}", which is spoken here.`);
}

const KEY = /^[+/0-9A-Za-z]{22}==$/;

const PROTOCOLS = /^[\w.!#$%&'*+^`|~-]+( *, *[\w.!#$%&'*+^`|~-]+)*$/;

const isOutage = (error: unknown): boolean => error instanceof DomainError && error.code === 'unavailable';

const needsUpgrade = ({ protocol }: SocketOptions): DomainError =>
  new DomainError(
    'upgrade_required',
    `This is a WebSocket: connect with ws:// or wss://${protocol === undefined ? '' : ` and the subprotocol ${protocol}`}.`,
  );

const openedElsewhere = (): DomainError =>
  new DomainError(
    'forbidden',
    'A session opens sockets only from a page of Jockey itself: the browser has to send Origin with the address of Jockey. Programs send a token instead.',
  );
