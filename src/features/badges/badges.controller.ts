import { applyDecorators, Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { appInPath, Needs } from '../../http/auth/needs.decorator.js';
import { Public } from '../../http/auth/public.decorator.js';
import { Describe } from '../../http/openapi/describe.decorator.js';
import { BADGE_EXAMPLE, BadgeQueryDto } from './badge.dto.js';
import { BadgesService } from './badges.service.js';

/** Asked again each time, and answered with 304 while it is the same: pages that show pictures keep them for long. */
const Badge = (): MethodDecorator =>
  applyDecorators(
    Describe({
      summary: 'Show a badge: how the app stands in an environment, as SVG',
      about:
        'The release that is current and its commit, or that a deploy is in progress, or that the last one failed. With ' +
        'BADGES_PUBLIC it needs no token.',
      answer: { media: 'image/svg+xml', schema: { type: 'string' }, example: BADGE_EXAMPLE },
      errors: ['not_found', 'record_invalid'],
    }),
    Bare(),
    Header('Content-Type', 'image/svg+xml; charset=utf-8'),
    Header('Cache-Control', 'no-cache'),
  );

/** Badges for who has a token. */
@ApiTags('events')
@Controller('apps')
export class BadgesController {
  constructor(private readonly badges: BadgesService) {}

  @Needs('read', appInPath(['query', 'environment']))
  @Badge()
  @Get(':id/badge.svg')
  getBadge(@Param('id') id: string, @Query() { environment }: BadgeQueryDto): Promise<string> {
    return this.badges.draw(id, environment);
  }
}

/** Badges for everybody who reaches Jockey. */
@ApiTags('events')
@Controller('apps')
export class PublicBadgesController {
  constructor(private readonly badges: BadgesService) {}

  @Public()
  @Badge()
  @Get(':id/badge.svg')
  getBadge(@Param('id') id: string, @Query() { environment }: BadgeQueryDto): Promise<string> {
    return this.badges.draw(id, environment);
  }
}
