import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { IfMatch, type Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { appInPath, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { BuildSecrets, type BuildSecretsSeen } from '../../store/repositories/build-secrets.js';
import { Directory } from '../../store/repositories/directory.js';
import { BUILD_SECRETS_EXAMPLE, BuildSecretsDto, MergeBuildSecretsDto } from './build-secret.dto.js';

@ApiTags('builds')
@Controller('apps/:id/build_secrets')
export class BuildSecretsController {
  constructor(
    private readonly directory: Directory,
    private readonly secrets: BuildSecrets,
  ) {}

  @Needs('read', appInPath())
  @Describe({
    summary: "Show which secrets an app's builds have, by name and fingerprint",
    answer: oneOf(BuildSecretsDto, BUILD_SECRETS_EXAMPLE),
    errors: ['not_found'],
  })
  @Get()
  async getBuildSecrets(@Param('id') id: string): Promise<Tagged<BuildSecretsDto>> {
    const app = await this.directory.app(id);
    return tagged(await this.secrets.seen(app.id));
  }

  @Needs('config', appInPath())
  @Describe({
    summary: "Set and remove secrets of an app's builds",
    about:
      'They are kept encrypted, and given to builds of a Dockerfile by `RUN --mount=type=secret,id=NAME` alone: no layer ' +
      'and no argument holds them, and every log masks them. They count for builds that begin later.',
    answer: oneOf(BuildSecretsDto, BUILD_SECRETS_EXAMPLE),
    errors: ['bad_request', 'not_found', 'record_invalid', 'unprocessable_entity', 'stale'],
  })
  @Put()
  async mergeBuildSecrets(
    @Param('id') id: string,
    @Body() { secrets }: MergeBuildSecretsDto,
    @IfMatch() precondition: Precondition,
  ): Promise<Tagged<BuildSecretsDto>> {
    const app = await this.directory.app(id);
    const require = (version: number): void => precondition.require(version);
    return tagged(await this.secrets.change({ appId: app.id, secrets, require }));
  }
}

function tagged({ version, secrets }: BuildSecretsSeen): Tagged<BuildSecretsDto> {
  const views = secrets.map(({ name, version: of, secret, author, createdAt }) => ({
    ...{ name, version: of, fingerprint: secret.fingerprint, author },
    created_at: createdAt.toISOString(),
  }));
  return new Tagged({ secrets: views, version }, version);
}
