import type { Server } from 'node:http';

/** What one connection may take of a server; times in milliseconds. */
export interface ServerLimits {
  /** Until all headers of a request are there. */
  readonly headers: number;
  /** Until all of a request is there, its body too. */
  readonly request: number;
  /** Until the next request on the same connection; longer than proxies keep one (60 s), or they lose the race. */
  readonly keepAlive: number;
  /** Connections at once: answers that are held and logs that are followed keep theirs. */
  readonly connections: number;
  /** Headers of one request. Node.js itself ends those above 16 KB. */
  readonly headerCount: number;
}

/** What a server is held to. Node.js looks for slow ones every 30 s, so that one may last as much longer. */
export const SERVER_LIMITS: ServerLimits = {
  headers: 15_000,
  request: 60_000,
  keepAlive: 75_000,
  connections: 4096,
  headerCount: 100,
};

/** Ends what would hold connections for nothing: requests that are sent byte by byte, and connections without one. */
export function limitServer(server: Server, limits: ServerLimits = SERVER_LIMITS): void {
  server.headersTimeout = limits.headers;
  server.requestTimeout = limits.request;
  server.keepAliveTimeout = limits.keepAlive;
  server.maxConnections = limits.connections;
  server.maxHeadersCount = limits.headerCount;
}
