import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { enveloped } from '../../http/answer/envelope.interceptor.js';
import { DescribeSocket } from '../../http/sockets/describe-socket.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { listed, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, pageOf } from '../../http/openapi/describe.decorator.js';
import { EVENT_AS_SENT, EVENT_EXAMPLE, EventDto, EventFilterDto } from './event.dto.js';
import { EventsService } from './events.service.js';

@ApiTags('events')
@Controller('events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List what happened, or follow it',
    about:
      'Newest first; with `after` oldest first from there. With `Accept: text/event-stream` it is followed live: from now on, ' +
      'behind `after`, or behind `Last-Event-ID`; the event `gap` says that some in between are no longer kept. The ' +
      'stream ends now and then, and whoever comes again misses nothing.',
    answer: { ...pageOf(EventDto, EVENT_EXAMPLE), also: { 'text/event-stream': EVENT_AS_SENT } },
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  async listEvents(@Query() query: EventFilterDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    response.vary('Accept');
    if (request.accepts(['application/json', 'text/event-stream']) === 'text/event-stream')
      return this.events.stream(response, query, lastSeen(request));
    response.json(enveloped(await this.events.list(query), request, response));
  }

  @Needs('read', listed)
  @DescribeSocket({
    summary: 'Follow what happens over a WebSocket',
    about:
      'Each message of Jockey is a text: one event as JSON, the same as in `GET /events`; or, at the begin, ' +
      '`{"type": "gap", "after": …, "lost_up_to": …}` where some behind `after` are no longer kept. It begins now, or ' +
      'behind `after`. Jockey reads nothing from it; it ends when the rights of the caller change, and whoever comes again ' +
      'with the last id as `after` misses nothing.',
    errors: ['not_found', 'record_invalid'],
  })
  @Get('socket')
  followEvents(@Query() query: EventFilterDto, @Req() request: HttpRequest, @Res() response: Response): Promise<void> {
    return this.events.openSocket({ request, response }, query);
  }
}

/** Who comes again says where it was. */
function lastSeen(request: Request): string | null {
  const last = request.get('last-event-id') ?? '';
  return /^[0-9]{1,18}$/.test(last) ? last : null;
}
