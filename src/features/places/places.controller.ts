import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { listed, Needs } from '../../http/auth/needs.decorator.js';
import { Describe, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { ListPlacesDto, PLACE_EXAMPLE, PlaceDto } from './place.dto.js';
import { PlacesService } from './places.service.js';

@ApiTags('places')
@Controller('places')
export class PlacesController {
  constructor(private readonly places: PlacesService) {}

  @Needs('read', listed)
  @Describe({
    summary: 'List what runs where',
    about:
      'One entry for each app in each environment to which it was ever deployed: the release, the deploy in progress and ' +
      'the last one, how many instances of each worker are wanted and healthy, and on which hosts. Ordered by name.',
    answer: pageOf(PlaceDto, PLACE_EXAMPLE),
    errors: ['record_invalid', 'not_found'],
  })
  @Get()
  listPlaces(@Query() query: ListPlacesDto): Promise<Page<PlaceDto>> {
    return this.places.list(query);
  }
}
