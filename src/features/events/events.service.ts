import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { type Handshake, LiveSockets } from '../../http/sockets/live-sockets.js';
import { SocketSink } from './socket-sink.js';
import { DataSource } from 'typeorm';
import { invalid } from '../../domain/kernel/errors.js';
import { EventStories } from '../../notification/event-stories.js';
import { EventRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { presentCaller } from '../../store/present-caller.js';
import { Directory } from '../../store/repositories/directory.js';
import { withinSight } from '../../store/within-sight.js';
import { type EventDto, type EventFilterDto, typesOf } from './event.dto.js';
import type { EventFilter } from './event-filter.js';
import { EventFollower } from './event-follower.js';
import { viewOf } from './event-view.js';
import { SseSink } from './sse-sink.js';

/**
 * How long one stream lasts, in milliseconds. Who follows comes again by itself and says where it was; then its token and
 * its rights are looked at anew.
 */
const LIFETIME = 15 * 60_000;

/** Events as the API shows them: as pages, or live. */
@Injectable()
export class EventsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly stories: EventStories,
    private readonly follower: EventFollower,
    private readonly sockets: LiveSockets,
  ) {}

  /** A page: newest first, or behind a position oldest first. */
  async list(query: EventFilterDto): Promise<Page<EventDto>> {
    const { after } = query;
    const { appId, environmentId, types } = await this.filterOf(query);
    const select = this.dataSource.getRepository(EventRow).createQueryBuilder('event');
    if (appId !== null) select.andWhere({ appId });
    if (environmentId !== null) select.andWhere({ environmentId });
    if (types !== null) select.andWhere('event.kind = ANY(:types)', { types: [...types] });
    if (after !== undefined) {
      await this.refuseLost(after);
      select.andWhere('event.position > :after', { after });
    }
    withinSight(select, { app: 'event.appId', environment: 'event.environmentId', orOfTheApp: true });
    const order = after === undefined ? {} : ({ sort_order: 'asc' } as const);
    const page = await readPage(select, { ...order, ...query }, 'position');
    const stories = await this.stories.ofAll(page.items);
    return new Page(stories.map(viewOf), page.page, page.perPage, page.totalCount);
  }

  /** Sends events as they happen, from now on where nothing is said. */
  async stream(response: Response, query: EventFilterDto, last: string | null): Promise<void> {
    const filter = await this.filterOf(query);
    const start = await this.follower.begin(last ?? query.after ?? null);
    const sink = new SseSink(response, LIFETIME);
    try {
      await this.follower.follow(sink, filter, start);
    } finally {
      sink.end();
    }
  }

  /** The same as messages of a WebSocket, until it is closed. */
  async openSocket(handshake: Handshake, query: EventFilterDto): Promise<void> {
    const filter = await this.filterOf(query);
    const start = await this.follower.begin(query.after ?? null);
    const socket = this.sockets.accept(handshake);
    this.follower.follow(new SocketSink(socket), filter, start).catch((error: unknown) => socket.fail(error));
  }

  /** What a query asks for, and what its caller may see. */
  private async filterOf(query: EventFilterDto): Promise<EventFilter> {
    const { app, environment } = query;
    return {
      grants: presentCaller()?.grants ?? null,
      appId: app === undefined ? null : (await this.directory.app(app)).id,
      environmentId: environment === undefined ? null : (await this.directory.environment(environment)).id,
      types: typesOf(query),
    };
  }

  private async refuseLost(position: string): Promise<void> {
    const { gap } = await this.follower.begin(position);
    if (gap === null) return;
    throw invalid(
      'after',
      `is ${gap.after}, but events up to ${gap.lost_up_to} are no longer kept: GET /state says how things stand; go on after ${gap.lost_up_to}, or after 0 for all that is kept.`,
    );
  }
}
