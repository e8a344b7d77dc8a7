import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import { BrowserCookies } from '../../http/auth/browser-cookies.js';
import { SignInSetUp } from '../../http/auth/sign-in-set-up.js';
import { problemOf } from '../../http/errors/problem-of.js';
import type { HttpRequest } from '../../http/http-request.js';
import type { Content } from './html.js';
import { page } from './pages/layout.js';
import { problemPage, signInPage } from './pages/problem-page.js';
import { StatusAssets } from './status-assets.js';

/** Sends whole pages. */
@Injectable()
export class PageSender {
  constructor(
    private readonly assets: StatusAssets,
    private readonly cookies: BrowserCookies,
    private readonly setUp: SignInSetUp,
  ) {}

  /** A page for who is signed in. */
  send(request: HttpRequest, { title, now, content }: { title: string; now: Date; content: Content }): string {
    return page(
      {
        ...{ assets: this.assets.paths, title },
        occasion: { who: request.caller?.name ?? '', now },
        hasSession: request.token === undefined && this.cookies.read(request, 'jockey_session') !== null,
      },
      content,
    );
  }

  /** What stands in the way, as a page: for who is not known, the way in. */
  sendProblem(request: HttpRequest, response: Response, error: DomainError): void {
    const { status, title } = problemOf(error, request);
    const content = status === 401 ? this.wayIn(request, error) : problemPage(title, error.message);
    const frame = { assets: this.assets.paths, title, occasion: null, hasSession: false };
    response.status(status).type('text/html').setHeader('Cache-Control', 'no-store').send(page(frame, content));
  }

  private wayIn(request: HttpRequest, error: DomainError): Content {
    const tried = request.token !== undefined || request.method === 'POST' || request.callerFault !== undefined;
    return signInPage({
      path: request.method === 'GET' ? request.originalUrl : '/status',
      sentence: tried ? error.message : null,
      byGithub: this.setUp.isComplete,
      byToken: this.setUp.keepsTokens,
    });
  }
}
