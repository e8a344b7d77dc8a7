import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../domain/access/caller.js';
import { ALL, type Grant } from '../../domain/access/grant.js';
import type { PageQueryDto } from '../../http/input/page-query.dto.js';
import { AppRow, PersonRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { type Names, namesOf } from '../../store/repositories/names.js';
import type { MeDto, OwnGrantDto, PersonDto } from './person.dto.js';

/** Says who asks, and who was here. */
@Injectable()
export class PeopleService {
  constructor(private readonly dataSource: DataSource) {}

  /** The caller as it may see itself, with names for the ids of apps. */
  async me({ kind, name, login, grants }: Caller): Promise<MeDto> {
    const ids = grants.flatMap(({ apps }) => (apps === ALL ? [] : apps));
    const names = await namesOf(this.dataSource.manager, AppRow, ids);
    return { kind, name, login, grants: grants.map((grant) => grantView(grant, names)) };
  }

  async list(query: PageQueryDto): Promise<Page<PersonDto>> {
    const select = this.dataSource.getRepository(PersonRow).createQueryBuilder('person');
    return (await readPage(select, query)).map(personView);
  }
}

function grantView({ verbs, apps, environments }: Grant, names: Names): OwnGrantDto {
  return {
    verbs: [...verbs],
    apps: apps === ALL ? ALL : apps.map((id) => names.get(id) ?? id),
    environments: environments === ALL ? ALL : [...environments],
  };
}

const personView = ({ id, githubId, login, name, firstSeenAt, lastSeenAt }: PersonRow): PersonDto => ({
  id,
  github_id: githubId,
  login,
  name,
  first_seen_at: firstSeenAt.toISOString(),
  last_seen_at: lastSeenAt.toISOString(),
});
