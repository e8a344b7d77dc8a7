import { Controller, Get, Header, Param, Req, UseFilters } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { appInPath, Needs, record, somewhere } from '../../http/auth/needs.decorator.js';
import type { HttpRequest } from '../../http/http-request.js';
import { type Answer, Describe } from '../../http/openapi/describe.decorator.js';
import { asRefused } from './as-refused.js';
import { PageFilter } from './page-filter.js';
import { PageSender } from './page-sender.js';
import { appPage } from './pages/app-page.js';
import { buildPage } from './pages/build-page.js';
import { deployPage } from './pages/deploy-page.js';
import { overviewPage } from './pages/overview-page.js';
import { StatusReads } from './status-reads.js';

const PAGE: Answer = { media: 'text/html', schema: { type: 'string' }, example: '<!doctype html>…' };

/** Pages for people. They only read, and show what the API shows to the one who looks. */
@ApiTags('status')
@UseFilters(PageFilter)
@Bare()
@Controller('status')
export class StatusController {
  constructor(
    private readonly reads: StatusReads,
    private readonly pages: PageSender,
  ) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'Show the status page',
    about:
      'For people, as HTML: what runs where, the last deploys and builds, a log as it comes, the hosts and their load, and ' +
      'how deploys went in the last 30 days. It holds only what the API would answer to the same caller.',
    answer: PAGE,
  })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Get()
  async showStatus(@Req() request: HttpRequest): Promise<string> {
    const now = new Date();
    const content = overviewPage(await asRefused(this.reads.overview(request)), now);
    return this.pages.send(request, { title: 'Status', now, content });
  }

  @Needs('read', appInPath())
  @Describe({ summary: 'Show the status page of an app', answer: PAGE, errors: ['not_found'] })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Get('apps/:id')
  async showAppStatus(@Param('id') id: string, @Req() request: HttpRequest): Promise<string> {
    const now = new Date();
    const found = await asRefused(this.reads.app(request, id));
    return this.pages.send(request, { title: found.app.name, now, content: appPage(found, now) });
  }

  @Needs('read', record('deploy'))
  @Describe({ summary: 'Show the status page of a deploy', answer: PAGE, errors: ['not_found'] })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Get('deploys/:id')
  async showDeployStatus(@Param('id') id: string, @Req() request: HttpRequest): Promise<string> {
    const now = new Date();
    const found = await asRefused(this.reads.deploy(request, id));
    return this.pages.send(request, { title: `Deploy ${found.deploy.id}`, now, content: deployPage(found, now) });
  }

  @Needs('read', record('build'))
  @Describe({ summary: 'Show the status page of a build', answer: PAGE, errors: ['not_found'] })
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Get('builds/:id')
  async showBuildStatus(@Param('id') id: string, @Req() request: HttpRequest): Promise<string> {
    const now = new Date();
    const found = await asRefused(this.reads.build(request, id));
    return this.pages.send(request, { title: `Build ${found.build.id}`, now, content: buildPage(found, now) });
  }
}
