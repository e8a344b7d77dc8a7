import { Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../../http/auth/public.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { Describe, oneOf, plainText } from '../../http/openapi/describe.decorator.js';
import { BeginSignInDto, SIGNED_OUT_EXAMPLE, SignedOutDto } from './session.dto.js';
import { SessionsService } from './sessions.service.js';

/** A redirect has no body: the header Location says where to. */
const AWAY = plainText('');

/** What GitHub's page sends a browser back with. */
const text = (name: string, description: string) =>
  ApiQuery({ name, required: false, description, schema: { type: 'string' }, example: `the-${name}` });

@ApiTags('sessions')
@Public()
@Controller()
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @Describe({
    summary: 'Sign in: go to GitHub',
    about: 'For browsers. Members of the organization come back with a session in a cookie; programs send a token.',
    answer: AWAY,
    status: 302,
    errors: ['record_invalid', 'unprocessable_entity'],
  })
  @Get('auth/github')
  beginSignIn(@Query() _query: BeginSignInDto, @Req() request: HttpRequest, @Res() response: Response): Promise<void> {
    return this.sessions.begin(request, response);
  }

  @text('code', 'What GitHub gives a token for, once.')
  @text('state', 'What the sign-in began with, in this browser.')
  @text('error', 'Why there is no code.')
  @Describe({
    summary: 'Sign in: come back from GitHub',
    about: 'The callback URL of the OAuth app on GitHub. Nobody else calls it.',
    answer: AWAY,
    status: 302,
    errors: ['bad_request', 'not_authenticated', 'forbidden', 'unprocessable_entity'],
  })
  @Get('auth/github/callback')
  finishSignIn(@Req() request: HttpRequest, @Res() response: Response): Promise<void> {
    return this.sessions.finish(request, response);
  }

  @Describe({
    summary: 'Sign out, by a link',
    answer: oneOf(SignedOutDto, SIGNED_OUT_EXAMPLE),
    errors: ['forbidden'],
  })
  @Get('signout')
  signOutByLink(@Req() request: HttpRequest, @Res({ passthrough: true }) response: Response): Promise<SignedOutDto> {
    return this.sessions.end(request, response);
  }

  @Describe({
    summary: 'Sign out',
    about:
      'The session is over for good, also for whoever kept a copy of the cookie. Without one nothing happens. A browser ' +
      'that asks for HTML by name, as with a form, is sent on to /status.',
    answer: oneOf(SignedOutDto, SIGNED_OUT_EXAMPLE),
    errors: ['forbidden'],
  })
  @Post('signout')
  async signOut(@Req() request: HttpRequest, @Res({ passthrough: true }) response: Response): Promise<SignedOutDto> {
    const answer = await this.sessions.end(request, response);
    if (request.accepts(['application/json', 'text/html']) === 'text/html') response.redirect(303, '/status');
    return answer;
  }
}
