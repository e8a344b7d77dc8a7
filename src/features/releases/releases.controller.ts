import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs, numberedRecord } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { ListReleasesDto, RELEASE_EXAMPLE, ReleaseDto, ReleasePlaceDto } from './release.dto.js';
import { ReleasesService } from './releases.service.js';

@ApiTags('releases')
@Controller('releases')
export class ReleasesController {
  constructor(private readonly releases: ReleasesService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List releases',
    answer: pageOf(ReleaseDto, RELEASE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get()
  listReleases(@Query() query: ListReleasesDto): Promise<Page<ReleaseDto>> {
    return this.releases.list(query);
  }

  @Needs('read', numberedRecord('release'))
  @Describe({
    summary: 'Show a release',
    about: 'By its id; with `app` and `environment` by its number, `v41`.',
    answer: oneOf(ReleaseDto, RELEASE_EXAMPLE),
    errors: ['not_found', 'record_invalid'],
  })
  @Get(':id')
  getRelease(@Param('id') id: string, @Query() query: ReleasePlaceDto): Promise<ReleaseDto> {
    return this.releases.get(id, query);
  }
}
