import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/** A request id that may be taken from the caller: short, and nothing that could break a log line or a header. */
const REQUEST_ID = /^[A-Za-z0-9._:+/=-]{1,128}$/;

/** One log line a request, each with the request id, which also goes out as `X-Request-Id`. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: requestId,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'request_id' },
    customLogLevel: levelOf,
    customSuccessMessage: summary,
    customErrorMessage: summary,
    customErrorObject: withoutMadeUpError,
    serializers: {
      req: (request: { method: string; url: string }) => ({ method: request.method, url: withoutProof(request.url) }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  }) as RequestHandler;
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

/** What GitHub sends a browser back with proves who it is. */
const withoutProof = (url: string): string => (url.startsWith('/auth/') ? (url.split('?')[0] ?? url) : url);

/** For a status of 5xx the library makes up an error; the real one has its own line, with its stack. */
function withoutMadeUpError(...[, , , line]: [IncomingMessage, ServerResponse, Error, object]): object {
  return { ...line, err: undefined };
}

const summary = (request: IncomingMessage, response: ServerResponse): string =>
  `${request.method} ${request.url?.split('?')[0]} ${response.statusCode}`;

const levelOf = (_: IncomingMessage, response: ServerResponse, error?: Error): 'info' | 'warn' | 'error' =>
  response.statusCode >= 500 ? 'error' : error !== undefined || response.statusCode >= 400 ? 'warn' : 'info';
