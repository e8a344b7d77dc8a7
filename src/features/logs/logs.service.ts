import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import { LogBook } from '../../store/log-book.js';
import { EventStream } from './event-stream.js';
import type { AnsiWord, LogQueryDto } from './log.dto.js';
import type { FollowedLog, LogFeed } from './log-feed.js';
import { LogFeeds } from './log-feeds.js';
import { LogPages } from './log-pages.js';
import { checkPart, pagesOf, rangeOf } from './log-part.js';
import { sendJson, sendPlain } from './send-log.js';

/** A log that is asked for. */
export interface LogRequest extends FollowedLog {
  readonly query: LogQueryDto;
}

/** How far a follower has come, and how it reads. */
interface Reading {
  readonly stream: EventStream;
  readonly log: LogRequest;
  readonly feed: LogFeed;
}

/** Logs as the API shows them: as a list, as a text, or live as server-sent events. */
@Injectable()
export class LogsService {
  constructor(
    private readonly logBook: LogBook,
    private readonly feeds: LogFeeds,
    private readonly logPages: LogPages,
  ) {}

  /** Answers as the caller accepts: `text/event-stream` follows, `text/plain` is what was printed, all else is a list. */
  async answer(request: Request, response: Response, wanted: LogRequest): Promise<void> {
    const media = mediaOf(request, wanted.query);
    checkPart(wanted.query, media === 'text/event-stream');
    await this.refuseRemoved(wanted);
    const { of, query } = wanted;
    const range = await rangeOf(this.logBook, of, query);
    if (media === 'text/event-stream') return this.follow(response, wanted, lastSeen(request) ?? range.after);
    const answer = { pages: pagesOf(this.logBook, of, range), query, name: `${of.subject}-${of.id}` };
    if (media === 'text/plain') return sendPlain(request, response, answer);
    return sendJson(response, answer);
  }

  private async refuseRemoved({ of, removedAt = null }: LogRequest): Promise<void> {
    if (removedAt === null || (await this.logBook.lastPosition(of)) !== '0') return;
    throw new DomainError(
      'not_found',
      `The log of ${of.subject} ${of.id} is gone: the clean-up removed it at ${removedAt.toISOString()}.`,
    );
  }

  private async follow(response: Response, log: LogRequest, start: string): Promise<void> {
    const { feed, leave } = this.feeds.join(log);
    const stream = new EventStream(response);
    try {
      await this.send({ stream, log, feed }, start);
    } finally {
      leave();
      stream.end();
    }
  }

  private async send({ stream, log, feed }: Reading, start: string): Promise<void> {
    const ansi: AnsiWord = log.query.ansi ?? 'keep';
    let after = start;
    while (!stream.signal.aborted && !this.feeds.isStopping) {
      const { version, isOver } = feed;
      const page = feed.hasAfter(after) ? await this.logPages.page({ of: log.of, after, ansi }) : null;
      if (page !== null && page.last !== null) {
        after = page.last;
        await stream.write(page.events);
        continue;
      }
      if (isOver) return stream.write('event: end\ndata: {}\n\n');
      await feed.changeSince(version, stream.signal);
    }
  }
}

function mediaOf(request: Request, { format }: LogQueryDto): string {
  if (format !== undefined) return format === 'json' ? 'application/json' : 'text/plain';
  return request.accepts(['application/json', 'text/event-stream', 'text/plain']) || 'application/json';
}

/** A follower who comes again says where it was. */
function lastSeen(request: Request): string | null {
  const last = request.get('last-event-id') ?? '';
  return /^[0-9]{1,18}$/.test(last) ? last : null;
}
