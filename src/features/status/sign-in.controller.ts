import { Controller, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { DomainError } from '../../domain/kernel/errors.js';
import { BrowserSessions } from '../../http/auth/browser-sessions.js';
import { isLocalPath } from '../../http/auth/local-path.js';
import { Public } from '../../http/auth/public.decorator.js';
import { SignInSetUp } from '../../http/auth/sign-in-set-up.js';
import type { HttpRequest } from '../../http/http-request.js';
import { Describe, plainText } from '../../http/openapi/describe.decorator.js';
import { PageFilter } from './page-filter.js';

const FORM = {
  type: 'object',
  required: ['token'],
  properties: {
    token: { type: 'string', maxLength: 2000, description: 'A token of Jockey, or one of GitHub.' },
    return_to: { type: 'string', description: 'The path here that the browser is sent to; `/status` otherwise.' },
  },
} as const;

/** Signs a browser in with a token. */
@ApiTags('sessions')
@Public()
@UseFilters(PageFilter)
@Controller('auth/token')
export class SignInController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly setUp: SignInSetUp,
  ) {}

  @ApiConsumes('application/x-www-form-urlencoded')
  @ApiBody({ schema: { ...FORM, required: ['token'] } })
  @Describe({
    summary: 'Sign in with a token',
    about:
      'For browsers: the form of the status page. The session may do what the token may, for as long as that is good, and ' +
      'ends as every session does. Programs send the token itself.',
    answer: plainText(''),
    status: 302,
    errors: ['not_authenticated', 'forbidden', 'record_invalid', 'unprocessable_entity'],
  })
  @HttpCode(302)
  @Post()
  async signInWithToken(@Req() request: HttpRequest, @Res({ passthrough: true }) response: Response): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    if (!this.setUp.keepsTokens) throw cannotKeep();
    const form = new URLSearchParams(request.rawBody?.toString('utf8') ?? '');
    const caller = await this.sessions.beginWithToken(request, response, (form.get('token') ?? '').trim());
    if (caller === null) throw new DomainError('not_authenticated', 'This token is not valid here.');
    await request.provenAs?.(caller);
    const path = form.get('return_to') ?? '';
    response.setHeader('Location', isLocalPath(path) ? path : '/status');
  }
}

const cannotKeep = (): DomainError =>
  new DomainError('unprocessable_entity', 'No browser can sign in with a token here: set SECRETS_KEY, by which it is sealed.'); // prettier-ignore
