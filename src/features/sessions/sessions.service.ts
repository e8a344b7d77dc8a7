import { Injectable } from '@nestjs/common';
import type { Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import { BrowserSessions } from '../../http/auth/browser-sessions.js';
import { GithubOauth } from '../../http/auth/github-oauth.js';
import { isFromElsewhere } from '../../http/auth/same-origin.js';
import { SignInSetUp } from '../../http/auth/sign-in-set-up.js';
import type { HttpRequest } from '../../http/http-request.js';
import type { SignedOutDto } from './session.dto.js';

/** Signs people of the organization in and out, in a browser. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly github: GithubOauth,
    private readonly sessions: BrowserSessions,
    private readonly setUp: SignInSetUp,
  ) {}

  /** Sends the browser to GitHub. */
  async begin(request: HttpRequest, response: Response): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    await this.github.begin(request, response);
  }

  /** Takes the browser back from GitHub, and sends it where it wanted to go. */
  async finish(request: HttpRequest, response: Response): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    const { token, returnTo } = await this.github.finish(request, response);
    const caller = await this.sessions.begin(request, response, token);
    if (caller === null) throw this.stranger();
    response.status(302).setHeader('Location', returnTo).end();
  }

  /** Ends the session. A link on a page of somebody else signs nobody out. */
  async end(request: HttpRequest, response: Response): Promise<SignedOutDto> {
    if (isFromElsewhere(request))
      throw new DomainError('forbidden', 'Another site asked for this sign-out: open /signout yourself.');
    response.setHeader('Cache-Control', 'no-store');
    if (request.caller !== undefined) await request.provenAs?.(request.caller);
    return { signed_out: await this.sessions.end(request, response) };
  }

  private stranger(): DomainError {
    return new DomainError(
      'forbidden',
      `GitHub knows you, but not as a member of ${this.setUp.organization} who may come in here. If you are one, let the organization approve this OAuth app, or ask for the team that is required.`,
    );
  }
}
