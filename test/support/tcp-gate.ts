import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A door between a client and a server: it can be shut, or be left open while nothing passes. */
export class TcpGate {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private readonly abandoned = new WeakSet<readonly [Socket, Socket]>();
  private readonly server = createServer({ pauseOnConnect: true }, (socket) => this.admit(socket));
  private port = 0;
  private isHeld = false;

  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  /** Lets clients in, always at the same port; answers it. */
  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    return this.port;
  }

  /** Cuts all connections and lets nobody in. */
  async shut(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await closed;
  }

  /** Nothing passes, and no connection ends: a server that hangs. */
  hold(): void {
    this.isHeld = true;
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** Everything passes again. */
  release(): void {
    this.isHeld = false;
    for (const pair of this.pairs) if (!this.abandoned.has(pair)) for (const socket of pair) socket.resume();
  }

  /** What is connected now hears nothing more, not even its end; who comes now is let in. */
  abandon(): void {
    for (const pair of this.pairs) {
      for (const socket of pair) socket.pause();
      this.abandoned.add(pair);
    }
  }

  private admit(client: Socket): void {
    const server = connect(this.target);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
    }
    if (this.isHeld) for (const socket of pair) socket.pause();
    else client.resume();
  }
}
