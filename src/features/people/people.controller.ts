import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs, oneself } from '../../http/auth/needs.decorator.js';
import { notAuthenticated } from '../../http/auth/rights.guard.js';
import type { HttpRequest } from '../../http/http-request.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import type { Page } from '../../store/page.js';
import { PeopleService } from './people.service.js';
import { ME_EXAMPLE, MeDto, PERSON_EXAMPLE, PersonDto } from './person.dto.js';

@ApiTags('people')
@Controller()
export class PeopleController {
  constructor(private readonly people: PeopleService) {}

  @Needs('read', oneself)
  @Describe({
    summary: 'Say who asks, and what it may do where',
    about: 'Answers everybody who is signed in, also a member who may do nothing else.',
    answer: oneOf(MeDto, ME_EXAMPLE),
  })
  @Get('me')
  async getMe(@Req() { caller }: HttpRequest): Promise<MeDto> {
    if (caller === undefined) throw notAuthenticated();
    return this.people.me(caller);
  }

  @Needs('admin', everywhere)
  @Describe({
    summary: 'List the people who came in by GitHub',
    about: 'It says who was here and gives nobody a right: those come from GitHub each time.',
    answer: pageOf(PersonDto, PERSON_EXAMPLE),
    errors: ['record_invalid'],
  })
  @Get('people')
  listPeople(@Query() query: PageQueryDto): Promise<Page<PersonDto>> {
    return this.people.list(query);
  }
}
