import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EnvironmentRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { uniquely } from '../../store/uniquely.js';
import type { CreateEnvironmentDto, EnvironmentDto, ListEnvironmentsDto } from './environment.dto.js';

/** Environments are made once and stay. */
@Injectable()
export class EnvironmentsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
  ) {}

  async list(query: ListEnvironmentsDto): Promise<Page<EnvironmentDto>> {
    const select = this.dataSource.getRepository(EnvironmentRow).createQueryBuilder('environment');
    if (query.name !== undefined) select.where({ name: query.name });
    return (await readPage(select, query)).map(viewOf);
  }

  async create({ name }: CreateEnvironmentDto): Promise<EnvironmentDto> {
    const environments = this.dataSource.getRepository(EnvironmentRow);
    return viewOf(await uniquely(`an environment "${name}"`, () => environments.save({ name } as EnvironmentRow)));
  }

  async get(nameOrId: string): Promise<EnvironmentDto> {
    return viewOf(await this.directory.environment(nameOrId));
  }
}

const viewOf = ({ id, name }: EnvironmentRow): EnvironmentDto => ({ id, name });
