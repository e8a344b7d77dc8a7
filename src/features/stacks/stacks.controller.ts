import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { everywhere, Needs, somewhere } from '../../http/auth/needs.decorator.js';
import { Describe, oneOf, pageOf } from '../../http/openapi/describe.decorator.js';
import { ReadsAgain } from '../../http/idempotency/read-again.decorator.js';
import type { Page } from '../../store/page.js';
import { CreateStackDto, STACK_EXAMPLE, StackDto, ListStacksDto } from './stack.dto.js';
import { StacksService } from './stacks.service.js';

@ApiTags('stacks')
@Controller('stacks')
export class StacksController {
  constructor(private readonly stacks: StacksService) {}

  @Needs('read', somewhere)
  @Describe({
    summary: 'List stacks',
    answer: pageOf(StackDto, STACK_EXAMPLE),
    errors: ['record_invalid'],
  })
  @Get()
  listStacks(@Query() query: ListStacksDto): Promise<Page<StackDto>> {
    return this.stacks.list(query);
  }

  @Needs('manage', everywhere)
  @Describe({
    summary: 'Create a stack',
    answer: oneOf(StackDto, STACK_EXAMPLE),
    status: 201,
    errors: ['bad_request', 'record_invalid', 'conflict'],
  })
  @ReadsAgain('getStack', { creates: 'stacks' })
  @Post()
  createStack(@Body() body: CreateStackDto): Promise<StackDto> {
    return this.stacks.create(body);
  }

  @Needs('read', somewhere)
  @Describe({
    summary: 'Show a stack, by name or id',
    answer: oneOf(StackDto, STACK_EXAMPLE),
    errors: ['not_found'],
  })
  @Get(':id')
  getStack(@Param('id') id: string): Promise<StackDto> {
    return this.stacks.get(id);
  }
}
