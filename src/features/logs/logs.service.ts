import { once } from 'node:events';
import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { LogLine } from '../../domain/log/log-line.js';
import { LogBook, type LogOf } from '../../store/log-book.js';
import { type LogLineDto, type LogQueryDto, MOST_LINES } from './log.dto.js';
import { Tides } from './tides.js';

/** A log that is asked for. */
export interface LogRequest {
  readonly of: LogOf;
  readonly query: LogQueryDto;
  /** Whether nothing more will be written. */
  readonly settled: () => Promise<boolean>;
}

/** Lines that a follower is sent at a time, so that a long log is never held in memory. */
const AT_ONCE = 500;
/** Between two signs of life to a follower, in milliseconds, so that no proxy takes the connection for dead. */
const HEARTBEAT = 15_000;
/** The last line may be written a moment after its subject has settled. */
const AFTERMATH = 1_000;

/** Logs as the API shows them: as a list, or live as server-sent events. */
@Injectable()
export class LogsService {
  constructor(
    private readonly logBook: LogBook,
    private readonly tides: Tides,
  ) {}

  /** Answers as the caller accepts: `text/event-stream` follows, everything else is a list. */
  async answer(request: Request, response: Response, wanted: LogRequest): Promise<void> {
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream')
      return this.stream(request, response, wanted);
    const { after = '0', limit = MOST_LINES } = wanted.query;
    response.json({ logs: (await this.logBook.after(wanted.of, after, limit)).map(viewOf) });
  }

  private async stream(request: Request, response: Response, wanted: LogRequest): Promise<void> {
    const leave = this.tides.follow(wanted.of);
    const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    try {
      await this.send(response, wanted, startOf(request, wanted.query));
    } finally {
      clearInterval(heartbeat);
      leave();
      response.end();
    }
  }

  private async send(response: Response, { of, settled }: LogRequest, start: string): Promise<void> {
    let position = start;
    let settledAt: number | null = null;
    while (!response.closed && !this.tides.isOver) {
      const lines = await this.logBook.after(of, position, AT_ONCE);
      position = lines.at(-1)?.position ?? position;
      await write(response, lines.map(eventOf).join(''));
      if (lines.length > 0) continue;
      if (settledAt !== null && performance.now() > settledAt + AFTERMATH)
        return write(response, 'event: end\ndata: {}\n\n');
      if (settledAt === null && (await settled())) settledAt = performance.now();
      await this.tides.turn(of, settledAt === null ? HEARTBEAT / 5 : AFTERMATH / 2);
    }
  }
}

/** A follower who comes again says where it was. */
function startOf(request: Request, query: LogQueryDto): string {
  const last = request.get('last-event-id') ?? '';
  return /^[0-9]{1,18}$/.test(last) ? last : (query.after ?? '0');
}

/** Waits for a slow follower: what it has not taken is not read either. */
async function write(response: Response, text: string): Promise<void> {
  if (text === '' || response.closed || response.write(text)) return;
  await Promise.race([once(response, 'drain'), once(response, 'close')]).catch(() => undefined);
}

function eventOf(line: LogLine): string {
  return `id: ${line.position}\ndata: ${JSON.stringify(viewOf(line))}\n\n`;
}

function viewOf({ position, timestamp, logger, level, text }: LogLine): LogLineDto {
  return { position, timestamp: timestamp.toISOString(), logger, level, message: { text } };
}
