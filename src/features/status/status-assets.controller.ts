import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { notFound } from '../../domain/kernel/errors.js';
import { Public } from '../../http/auth/public.decorator.js';
import { Describe } from '../../http/openapi/describe.decorator.js';
import { StatusAssets } from './status-assets.js';

/** How long a browser keeps a file, in seconds: one that changes gets another address. */
const FOR_GOOD = 31_536_000;

/** What the pages load. It is the same for everybody and holds no data, so it needs no token: nor has one who signs in. */
@ApiTags('status')
@Public()
@Controller('status/assets')
export class StatusAssetsController {
  constructor(private readonly assets: StatusAssets) {}

  @Describe({
    summary: 'Show a file that the status page loads',
    about: '`status.css`, `status.js` or `icon.svg`. Anybody may have it: there is no data in it.',
    answer: { media: 'text/css', schema: { type: 'string' }, example: 'body { margin: 0 }' },
    errors: ['not_found'],
  })
  @Get(':name')
  showAsset(@Param('name') name: string, @Res() response: Response): void {
    const asset = this.assets.find(name);
    if (asset === undefined) throw notFound('file', name);
    response.setHeader('Cache-Control', `public, max-age=${FOR_GOOD}, immutable`);
    response.type(asset.type).send(asset.content);
  }
}
