import { Controller, Get, Header, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { listed, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, pageOf, plainText } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { HaproxyQueryDto, ListRoutesDto, NginxQueryDto, ROUTE_EXAMPLE, RouteDto } from './route.dto.js';
import { RoutesService } from './routes.service.js';

const PLAIN_TEXT = 'text/plain; charset=utf-8';

@ApiTags('routes')
@Controller('routes')
export class RoutesController {
  constructor(private readonly routes: RoutesService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List routes: how traffic gets to each app in each environment',
    about: 'One for each worker `web`, with the instances that Consul says are healthy now.',
    answer: pageOf(RouteDto, ROUTE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listRoutes(@Query() query: ListRoutesDto): Promise<Page<RouteDto>> {
    return this.routes.list(query);
  }

  @Needs('read', listed)
  @Describe({
    summary: 'Show the set-up of an nginx: an upstream and a server for each host name',
    about:
      'For the `http` block. It lists the healthy instances, so ask again with the `ETag` as `If-None-Match`: 304 means ' +
      'that nothing has changed. A host name without a healthy instance answers 503.',
    answer: plainText('upstream sample_production {\n    server 10.0.0.11:27316;\n}\n'),
    errors: ['not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @Bare()
  @Header('Content-Type', PLAIN_TEXT)
  @Get('nginx.conf')
  getNginxConfig(@Query() query: NginxQueryDto): Promise<string> {
    return this.routes.nginx(query);
  }

  @Needs('read', listed)
  @Describe({
    summary: "Show the set-up of a HAProxy that follows Consul's DNS: a backend for each host name",
    about:
      'For a file beside the one with its `global` section. HAProxy finds the instances in Consul by itself, so it changes only with apps, environments and ' +
      'large steps of scale. A host name without a healthy instance answers 503.',
    answer: plainText('backend sample_production\n    server-template web 32 _sample-web._production.service.consul\n'),
    errors: ['not_found', 'record_invalid', 'unprocessable_entity'],
  })
  @Bare()
  @Header('Content-Type', PLAIN_TEXT)
  @Get('haproxy.cfg')
  getHaproxyConfig(@Query() query: HaproxyQueryDto): Promise<string> {
    return this.routes.haproxy(query);
  }
}
