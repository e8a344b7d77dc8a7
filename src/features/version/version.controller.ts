import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../../http/auth/public.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { API_VERSION, VERSION } from '../../http/version.js';
import { VERSION_EXAMPLE, VersionDto } from './version.dto.js';

@ApiTags('health')
@Public()
@Controller('version')
export class VersionController {
  @Describe({
    summary: 'Say which version of Jockey this is',
    about: 'For clients that want to know whether it has what they ask for.',
    answer: oneOf(VersionDto, VERSION_EXAMPLE),
  })
  @Get()
  getVersion(): VersionDto {
    return { version: VERSION, api: API_VERSION };
  }
}
