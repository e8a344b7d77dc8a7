import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { domainErrorOf } from '../../http/errors/problem-of.js';
import { ProblemFilter } from '../../http/errors/problem.filter.js';
import type { HttpRequest } from '../../http/http-request.js';
import { PageSender } from './page-sender.js';

/** Shows a failure as a page to whoever looks with a browser, and as the usual problem to everybody else. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly pages: PageSender,
    private readonly problems: ProblemFilter,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<HttpRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    if (response.headersSent || !looksWithBrowser(request)) return this.problems.catch(error, host);
    const explained = domainErrorOf(error);
    if (explained.code === 'internal_error') request.log.error({ err: error }, 'a page failed unexpectedly');
    this.pages.sendProblem(request, response, explained);
  }
}

/** Programs take anything; browsers ask for HTML by name. */
const looksWithBrowser = (request: HttpRequest): boolean =>
  request.accepts(['application/json', 'application/problem+json', 'text/html']) === 'text/html';
