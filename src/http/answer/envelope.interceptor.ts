import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { Page } from '../../store/page.js';
import type { HttpRequest } from '../http-request.js';
import { linkHeader } from './link-header.js';
import { Tagged } from './tagged.js';

const BARE = 'jockey:bare';

/** Sends what the handler returns as it is, without `{"data": …}`: logs and health say what they are themselves. */
export const Bare = (): MethodDecorator & ClassDecorator => SetMetadata(BARE, true);

/** Puts answers into the envelope: `{"data": …}`, and beside a list its `pagination` and `Link`. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const bare = this.reflector.getAllAndOverride<boolean | undefined>(BARE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (bare === true) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    return next.handle().pipe(map((value) => enveloped(value, request, http.getResponse<Response>())));
  }
}

/** What a handler found as it goes out, with its headers; for handlers that send their answers themselves. */
export function enveloped(value: unknown, request: Pick<HttpRequest, 'originalUrl'>, response: Response): unknown {
  if (response.headersSent) return value;
  if (value instanceof Page) {
    const link = linkHeader(request, value);
    if (link !== null) response.setHeader('Link', link);
    return { data: value.items, pagination: paginationOf(value) };
  }
  if (!(value instanceof Tagged)) return { data: value };
  response.setHeader('ETag', value.etag);
  return { data: value.data as unknown };
}

function paginationOf(page: Page<unknown>): Record<string, number> {
  return {
    page: page.page,
    per_page: page.perPage,
    total_pages: page.totalPages,
    total_count: page.totalCount,
  };
}
