import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StackRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { uniquely } from '../../store/uniquely.js';
import type { CreateStackDto, StackDto, ListStacksDto } from './stack.dto.js';

/** Stacks are made once and stay. The hosts of one are the nodes of a Consul service that is named by it. */
@Injectable()
export class StacksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
  ) {}

  async list(query: ListStacksDto): Promise<Page<StackDto>> {
    const select = this.dataSource.getRepository(StackRow).createQueryBuilder('stack');
    if (query.name !== undefined) select.where({ name: query.name });
    return (await readPage(select, query)).map(viewOf);
  }

  async create({ name }: CreateStackDto): Promise<StackDto> {
    const stacks = this.dataSource.getRepository(StackRow);
    return viewOf(await uniquely(`a stack "${name}"`, () => stacks.save({ name } as StackRow)));
  }

  async get(nameOrId: string): Promise<StackDto> {
    return viewOf(await this.directory.stack(nameOrId));
  }
}

const viewOf = ({ id, name }: StackRow): StackDto => ({ id, name });
