import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { invalid } from '../../domain/kernel/errors.js';
import { parsePosition, positionText, POSITION_SHAPE } from '../../domain/log/output-position.js';
import { presentCaller } from '../../store/present-caller.js';
import { AnswerHold } from '../../http/answer/answer-hold.js';
import { EventStream } from '../logs/event-stream.js';
import { MOST_LINES } from '../logs/log.dto.js';
import { type AppLogQueryDto, USUAL_TAIL } from './app-log.dto.js';
import { AppLogFollow, type FollowBegin } from './app-log-follow.js';
import { plainOf, viewOf } from './app-log-views.js';
import { momentOf } from './moment.js';
import { type LinesRead, OutputReader } from './output-reader.js';
import { OpenFollows } from './open-follows.js';
import { type Printers, PrintingInstances } from './printing-instances.js';

interface Followed {
  readonly response: Response;
  readonly begin: FollowBegin;
}

/** What the instances of an app print: as a list, as a text, or live as server-sent events. */
@Injectable()
export class AppLogsService {
  private readonly open = new OpenFollows();

  constructor(
    private readonly instances: PrintingInstances,
    private readonly reader: OutputReader,
    private readonly hold: AnswerHold,
  ) {}

  /** Answers as the caller accepts: `text/event-stream` follows, `text/plain` is what was printed, all else is a list. */
  async answer(request: Request, response: Response, query: AppLogQueryDto): Promise<void> {
    if (query.after !== undefined && (query.since ?? query.tail) !== undefined)
      throw invalid('after', 'goes without since and tail: leave it out, or leave them out.');
    const printers = await this.instances.of(query);
    const media = mediaOf(request, query);
    const wanted = wantedOf(query, media === 'text/event-stream' ? lastSeen(request) : undefined);
    const now = await this.instances.find(printers);
    if (media === 'text/event-stream') {
      const begin = { first: now, wanted, stopping: this.hold.released };
      return this.open.run(presentCaller()?.name ?? '', () => this.follow(printers, query, { response, begin }));
    }
    const { lines, missing, position } = await this.reader.read(printers, now, wanted);
    if (media === 'text/plain') {
      response.type('text/plain').send(lines.map((line) => plainOf(line, query)).join(''));
      return;
    }
    const logs = lines.map((line) => viewOf(line, query.ansi));
    response.json({ logs, missing, position: position.size === 0 ? null : positionText(position) });
  }

  private follow(printers: Printers, query: AppLogQueryDto, { response, begin }: Followed): Promise<void> {
    const stream = new EventStream(response);
    const { instances, reader } = this;
    return new AppLogFollow({ instances, reader, printers, query, stream }).run(begin);
  }
}

function mediaOf(request: Request, { format }: AppLogQueryDto): string {
  if (format !== undefined) return format === 'json' ? 'application/json' : 'text/plain';
  return request.accepts(['application/json', 'text/event-stream', 'text/plain']) || 'application/json';
}

/** A follower who comes again says where it was. */
function lastSeen(request: Request): string | undefined {
  const last = request.get('last-event-id') ?? '';
  return POSITION_SHAPE.test(last) ? last : undefined;
}

function wantedOf(query: AppLogQueryDto, last: string | undefined): LinesRead {
  const after = last ?? query.after;
  if (after !== undefined) return { after: parsePosition(after), since: null, tail: MOST_LINES };
  const now = new Date();
  const since = query.since === undefined ? null : momentOf(query.since, now);
  const tail = query.tail ?? (since === null ? USUAL_TAIL : MOST_LINES);
  return { after: new Map(), since: tail === 0 ? momentOf('0s', now) : since, tail };
}
