import { type ArgumentsHost, Catch, type ExceptionFilter, NotFoundException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Application, Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import { notAuthenticated } from '../auth/rights.guard.js';
import type { HttpRequest } from '../http-request.js';
import { ReplayedAnswer } from '../idempotency/replayed-answer.js';
import { allowedMethods } from './allowed-methods.js';
import { domainErrorOf, problemOf } from './problem-of.js';

/** Writes every failure as a problem document: no stack trace, no plain text, no page of HTML ever goes out. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly adapter: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent) return this.breakOff(error, request, response);
    if (error instanceof ReplayedAnswer) return error.write(response);
    this.write(this.explain(error, request, response), request, response);
  }

  private explain(error: unknown, request: HttpRequest, response: Response): DomainError {
    if (error instanceof NotFoundException) return this.noRoute(request, response);
    const explained = domainErrorOf(error);
    if (explained.code === 'internal_error') request.log.error({ err: error }, 'a request failed unexpectedly');
    return explained;
  }

  /** Nobody learns without a token which paths there are. */
  private noRoute(request: HttpRequest, response: Response): DomainError {
    if (request.caller === undefined) return request.callerFault ?? notAuthenticated();
    const path = request.path.slice(0, 200);
    const methods = allowedMethods(this.adapter.httpAdapter.getInstance<Application>(), request.path);
    if (methods.length === 0) return new DomainError('not_found', `There is no ${path}; /docs lists what there is.`);
    response.setHeader('Allow', methods.join(', '));
    return new DomainError('method_not_allowed', `${path} takes ${methods.join(', ')}, not ${request.method}.`);
  }

  private write(error: DomainError, request: HttpRequest, response: Response): void {
    const problem = problemOf(error, request);
    if (problem.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="jockey"');
    response.removeHeader('ETag');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  /** A stream that fails half way can only be cut off, so that the client sees that it is not whole. */
  private breakOff(error: unknown, request: HttpRequest, response: Response): void {
    request.log.error({ err: error }, 'an answer was cut off');
    response.destroy();
  }
}
