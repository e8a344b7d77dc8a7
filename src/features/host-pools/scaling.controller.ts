import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs, somewhere } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf } from '../../http/openapi/describe.decorator.js';
import { SCALING_EXAMPLE, ScalingDto, UpdateScalingDto } from './scaling.dto.js';
import { ScalingService } from './scaling.service.js';

@ApiTags('host-pools')
@Controller('scaling')
export class ScalingController {
  constructor(private readonly scaling: ScalingService) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'Show whether anything scales by itself',
    answer: oneOf(ScalingDto, SCALING_EXAMPLE),
  })
  @Get()
  getScaling(): Promise<ScalingDto> {
    return this.scaling.get();
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Turn all automatic scaling on, or into advice',
    about:
      'With `advice` no pool and no worker changes by itself; what would be done is told. Hosts that leave anyway, ' +
      'because their machine ends, are emptied all the same.',
    answer: oneOf(ScalingDto, SCALING_EXAMPLE),
    errors: ['bad_request', 'record_invalid'],
  })
  @Put()
  updateScaling(@Body() body: UpdateScalingDto): Promise<ScalingDto> {
    return this.scaling.update(body);
  }
}
