import { Inject, Injectable, Optional } from '@nestjs/common';
import type { RequestHandler, Response } from 'express';
import { NO_TRACES, TRACER, type Tracer } from '../../ports/tracer.js';
import { asPartOf } from '../../store/present-trace.js';
import type { HttpRequest } from '../http-request.js';

/** As https://www.w3.org/TR/trace-context/#traceparent-header-field-values has it, of the one version there is. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What is asked every few seconds by machines, and says nothing when it is traced. */
const UNTRACED = /^\/(healthz|readyz|metrics)(\?|$)/;

/** Makes each request a span, part of its caller's where that one traces, and all that it writes part of it. */
@Injectable()
export class RequestTraces {
  constructor(@Optional() @Inject(TRACER) private readonly tracer: Tracer = NO_TRACES) {}

  /** Of the request it tells the route, the answer's status and the request's id: nothing that the caller wrote. */
  watch(): RequestHandler {
    return (request, response, next) => {
      if (UNTRACED.test(request.url)) return next();
      const span = this.tracer.begin({
        name: request.method,
        kind: 'server',
        parent: parentOf(request as HttpRequest),
      });
      response.once('close', () => {
        const { facts, name } = seen(request as HttpRequest, response);
        span.tell(facts, name);
        span.end(response.statusCode >= 500 ? `status ${response.statusCode}` : null);
      });
      if (span.traceparent === null) next();
      else asPartOf(span.traceparent, next);
    };
  }
}

function parentOf({ headers }: HttpRequest): string | null {
  const given = headers['traceparent'];
  return typeof given === 'string' && TRACEPARENT.test(given) ? given : null;
}

function seen(
  request: HttpRequest,
  { statusCode }: Response,
): { name: string; facts: Record<string, string | number> } {
  const path = (request.route as { path?: unknown } | undefined)?.path;
  const route = typeof path === 'string' ? path : 'none';
  const facts = {
    ...{ 'http.request.method': request.method, 'http.route': route, 'http.response.status_code': statusCode },
    'jockey.request_id': request.id,
  };
  return { name: `${request.method} ${route}`, facts };
}
