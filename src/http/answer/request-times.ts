import { Injectable } from '@nestjs/common';
import type { RequestHandler, Response } from 'express';
import type { HttpRequest } from '../http-request.js';

/** Upper limits of the lengths that answers are sorted by, in seconds. */
export const REQUEST_LIMITS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** Words of a caller are never a label: other methods count as `other`. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** What answers are told apart by; all of it from a short list. */
export interface RequestKind {
  readonly method: string;
  /** The path as the route is written, `/apps/:id`; `none` where no route was reached. */
  readonly route: string;
  /** `2xx` and so on, or `aborted` where the caller went away before the end. */
  readonly status: string;
  /** `answer`; `wait` where the caller asked to be held; `stream` for what is followed. */
  readonly kind: 'answer' | 'wait' | 'stream';
}

/** How long the answers of one kind took. */
export interface RequestSpread {
  readonly of: RequestKind;
  /** How many took less than each limit but not less than the one before; the last is those above all. */
  readonly buckets: number[];
  seconds: number;
}

/** Counts the answers of this process since its start, by route. Nothing is kept of a single one. */
@Injectable()
export class RequestTimes {
  private readonly all = new Map<string, RequestSpread>();
  private open = 0;

  /** All kinds that have been. */
  get spreads(): readonly RequestSpread[] {
    return [...this.all.values()];
  }

  /** Requests that are being answered. */
  get inProgress(): number {
    return this.open;
  }

  /** Counts every request that comes by. */
  watch(): RequestHandler {
    return (request, response, next) => {
      const begin = performance.now();
      let first: number | null = null;
      whenHeadIsWritten(response, () => (first = performance.now()));
      this.open += 1;
      response.once('close', () => {
        this.open -= 1;
        const of = kindOf(request as HttpRequest, response);
        const end = of.kind === 'stream' && first !== null ? first : performance.now();
        this.note(of, (end - begin) / 1000);
      });
      next();
    };
  }

  private note(of: RequestKind, seconds: number): void {
    const key = Object.values(of).join(' ');
    const spread = this.all.get(key) ?? { of, buckets: REQUEST_LIMITS.map(() => 0).concat(0), seconds: 0 };
    const above = REQUEST_LIMITS.findIndex((limit) => seconds <= limit);
    const at = above === -1 ? REQUEST_LIMITS.length : above;
    spread.buckets[at] = (spread.buckets[at] ?? 0) + 1;
    spread.seconds += seconds;
    this.all.set(key, spread);
  }
}

function kindOf(request: HttpRequest, response: Response): RequestKind {
  const path = (request.route as { path?: unknown } | undefined)?.path;
  const type = String(response.getHeader('content-type') ?? '');
  const kind = type.startsWith('text/event-stream')
    ? 'stream'
    : request.query['wait'] === undefined
      ? 'answer'
      : 'wait';
  const ended = response.writableFinished || (kind === 'stream' && response.headersSent);
  return {
    method: METHODS.has(request.method) ? request.method : 'other',
    route: typeof path === 'string' ? path : 'none',
    status: ended ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted',
    kind,
  };
}

/** Node.js has no event for it, but every head goes through this one method. */
function whenHeadIsWritten(response: Response, tell: () => void): void {
  const write = response.writeHead.bind(response) as (...words: unknown[]) => Response;
  response.writeHead = ((...words: unknown[]) => {
    tell();
    return write(...words);
  }) as Response['writeHead'];
}
