import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { LogLine } from '../../domain/log/log-line.js';
import { LogBook, type LogOf } from '../../store/log-book.js';
import { EventStream } from './event-stream.js';
import type { LogLineDto, LogQueryDto } from './log.dto.js';
import { type FollowedLog, type LogFeed, LINES_AT_ONCE } from './log-feed.js';
import { LogFeeds } from './log-feeds.js';
import { sendText } from './send-text.js';

/** A log that is asked for. */
export interface LogRequest extends FollowedLog {
  readonly query: LogQueryDto;
}

/** Logs as the API shows them: as a list, or live as server-sent events. */
@Injectable()
export class LogsService {
  constructor(
    private readonly logBook: LogBook,
    private readonly feeds: LogFeeds,
  ) {}

  /** Answers as the caller accepts: `text/event-stream` follows, everything else is a list. */
  async answer(request: Request, response: Response, wanted: LogRequest): Promise<void> {
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream')
      return this.follow(response, wanted, startOf(request, wanted.query));
    return this.list(response, wanted);
  }

  /** Written page by page: old clients ask for the whole log, and it may be long. */
  private async list(response: Response, { of, query }: LogRequest): Promise<void> {
    let sent = 0;
    for await (const page of this.pages(of, query)) {
      if (sent === 0) response.type('application/json');
      await sendText(
        response,
        (sent === 0 ? '{"logs":[' : ',') + page.map((line) => JSON.stringify(viewOf(line))).join(),
      );
      sent += page.length;
      if (response.closed) return;
    }
    if (sent === 0) response.json({ logs: [] });
    else response.end(']}');
  }

  private async *pages(of: LogOf, { after = '0', limit = Infinity }: LogQueryDto): AsyncGenerator<readonly LogLine[]> {
    let position = after;
    let left = limit;
    while (left > 0) {
      const wanted = Math.min(left, LINES_AT_ONCE);
      const page = await this.logBook.after(of, position, wanted);
      if (page.length > 0) yield page;
      if (page.length < wanted) return;
      position = page.at(-1)?.position ?? position;
      left -= page.length;
    }
  }

  private async follow(response: Response, wanted: LogRequest, start: string): Promise<void> {
    const { feed, leave } = this.feeds.join(wanted);
    const stream = new EventStream(response);
    try {
      await this.send(stream, feed, start);
    } finally {
      leave();
      stream.end();
    }
  }

  private async send(stream: EventStream, feed: LogFeed, start: string): Promise<void> {
    let position = start;
    while (!stream.signal.aborted && !this.feeds.isStopping) {
      const { version, isOver } = feed;
      const lines = await feed.linesAfter(position);
      position = lines.at(-1)?.position ?? position;
      for (const line of lines) await stream.write(eventOf(line));
      if (lines.length > 0) continue;
      if (isOver) return stream.write('event: end\ndata: {}\n\n');
      await feed.changeSince(version, stream.signal);
    }
  }
}

/** A follower who comes again says where it was. */
function startOf(request: Request, { after = '0' }: LogQueryDto): string {
  const last = request.get('last-event-id') ?? '';
  return /^[0-9]{1,18}$/.test(last) ? last : after;
}

function eventOf(line: LogLine): string {
  return `id: ${line.position}\ndata: ${JSON.stringify(viewOf(line))}\n\n`;
}

function viewOf({ position, timestamp, logger, level, text }: LogLine): LogLineDto {
  return { position, timestamp: timestamp.toISOString(), logger, level, message: { text } };
}
