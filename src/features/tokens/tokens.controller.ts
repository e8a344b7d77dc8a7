import { Body, Controller, Delete, Get, Param, Post, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Caller } from '../../domain/access/caller.js';
import { everywhere, Needs } from '../../http/auth/needs.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { AnswerHoldsSecret, ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import {
  CREATED_TOKEN_EXAMPLE,
  CreatedTokenDto,
  CreateTokenDto,
  ListTokensDto,
  TOKEN_EXAMPLE,
  TokenDto,
} from './token.dto.js';
import { TokensService } from './tokens.service.js';

@ApiTags('tokens')
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @Needs('admin', everywhere)
  @Describe({
    summary: 'List API tokens',
    about: 'Also those that are expired or revoked. The texts of tokens are not known.',
    answer: pageOf(TokenDto, TOKEN_EXAMPLE),
    errors: ['forbidden', 'record_invalid'],
  })
  @Get()
  listTokens(@Query() query: ListTokensDto): Promise<Page<TokenDto>> {
    return this.tokens.list(query);
  }

  @Needs('admin', everywhere)
  @Describe({
    summary: 'Create an API token',
    about:
      'For a script or a bot: some verbs, on some apps, in some environments. The answer has the token itself, this once. ' +
      'A token allows no more than who makes it may do.',
    answer: oneOf(CreatedTokenDto, CREATED_TOKEN_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'forbidden', 'not_found', 'record_invalid'],
  })
  @AnswerHoldsSecret()
  @ReadsAgain('getToken', { creates: 'api_tokens' })
  @Post()
  createToken(@Body() body: CreateTokenDto, @Req() request: HttpRequest): Promise<CreatedTokenDto> {
    return this.tokens.create(request.caller as Caller, body);
  }

  @Needs('admin', everywhere)
  @Describe({
    summary: 'Show an API token, without its text',
    answer: oneOf(TokenDto, TOKEN_EXAMPLE),
    errors: ['forbidden', 'not_found'],
  })
  @Get(':id')
  getToken(@Param('id') id: string): Promise<TokenDto> {
    return this.tokens.get(id);
  }

  @Needs('admin', everywhere)
  @Describe({
    summary: 'Revoke an API token',
    about: 'It opens nothing from then on. It stays in the list.',
    answer: oneOf(TokenDto, {
      ...TOKEN_EXAMPLE,
      state: 'revoked',
      revoked_at: '2026-11-22T09:00:00.000Z',
      revoked_by: 'octocat',
    }),
    errors: ['forbidden', 'not_found'],
  })
  @Delete(':id')
  revokeToken(@Param('id') id: string, @Req() request: HttpRequest): Promise<TokenDto> {
    return this.tokens.revoke(request.caller as Caller, id);
  }
}
