import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Bare } from '../../http/answer/envelope.interceptor.js';
import { namedIn, Needs, record } from '../../http/auth/needs.decorator.js';
import { WritesNothing } from '../../http/idempotency/read-again.decorator.js';
import { bare, Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { BUILD_PREVIEW_EXAMPLE, BuildPreviewDto, PreviewBuildDto } from './build-preview.dto.js';
import { BuildPreviews } from './build-previews.service.js';
import { BuildsService } from './builds.service.js';
import { PROVENANCE_STATEMENT_EXAMPLE, ProvenanceStatementDto } from './provenance-statement.dto.js';

/** What a build would do, and where its image came from. */
@ApiTags('builds')
@Controller('builds')
export class BuildPreviewsController {
  constructor(
    private readonly previews: BuildPreviews,
    private readonly builds: BuildsService,
  ) {}

  @Needs('read', namedIn('body'))
  @Describe({
    summary: 'Say what a build of a commit would do, and why, without doing it',
    about:
      'The commit is looked at as the engine would: which method makes the image, with which Dockerfile or builder image, ' +
      'which processes its Procfile names, whether the image is there already, and where a new build would go in the ' +
      'queue. Nothing is written.',
    answer: oneOf(BuildPreviewDto, BUILD_PREVIEW_EXAMPLE),
    errors: ['bad_request', 'record_invalid', 'not_found', 'unprocessable_entity', 'unavailable'],
  })
  @WritesNothing()
  @Post('preview')
  previewBuild(@Body() body: PreviewBuildDto): Promise<BuildPreviewDto> {
    return this.previews.preview(body);
  }

  @Needs('read', record('build'))
  @Describe({
    summary: 'Show where the image of a build comes from, as an attestation of in-toto',
    about: 'With the predicate of SLSA provenance. It is not signed; the same facts stand in the build itself.',
    answer: bare(ProvenanceStatementDto, PROVENANCE_STATEMENT_EXAMPLE),
    errors: ['not_found', 'unprocessable_entity'],
  })
  @Bare()
  @Get(':id/provenance')
  getBuildProvenance(@Param('id') id: string): Promise<ProvenanceStatementDto> {
    return this.builds.provenance(id);
  }
}
