import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid, notFound } from '../../domain/kernel/errors.js';
import { ReleaseRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { aroundReleases } from '../../store/repositories/around-releases.js';
import { Directory } from '../../store/repositories/directory.js';
import type { DeployPlace } from '../../store/repositories/lock-deploys.js';
import { Releases } from '../../store/repositories/releases.js';
import type { ListReleasesDto, ReleaseDto, ReleasePlaceDto } from './release.dto.js';
import { viewOf } from './release-view.js';

/** `v41`, or `41` where it is clear that no id is meant. */
const NUMBER = /^v?([1-9][0-9]{0,8})$/i;

/** Releases as the API shows them. */
@Injectable()
export class ReleasesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly releases: Releases,
  ) {}

  async list(query: ListReleasesDto): Promise<Page<ReleaseDto>> {
    const select = this.dataSource.getRepository(ReleaseRow).createQueryBuilder('release');
    if (query.app !== undefined) select.andWhere({ appId: (await this.directory.app(query.app)).id });
    if (query.environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(query.environment)).id });
    const page = await readPage(
      withinSight(select, { app: 'release.appId', environment: 'release.environmentId' }),
      query,
    );
    const seen = await aroundReleases(this.dataSource.manager, page.items);
    return page.map((release) => viewOf(release, seen));
  }

  /** By its id, or by its number where it is said of which app in which environment. */
  async get(key: string, query: ReleasePlaceDto): Promise<ReleaseDto> {
    const place = await this.placeOf(key, query);
    const release = place === null ? await this.releases.get(key) : await this.numbered(place, key);
    return viewOf(release, await aroundReleases(this.dataSource.manager, [release]));
  }

  private async numbered(place: DeployPlace, key: string): Promise<ReleaseRow> {
    const number = NUMBER.exec(key)?.[1];
    const release = number === undefined ? null : await this.releases.numbered(place, Number(number));
    if (release === null) throw notFound('release', key);
    return release;
  }

  private async placeOf(key: string, { app, environment }: ReleasePlaceDto): Promise<DeployPlace | null> {
    if (app !== undefined && environment !== undefined) {
      const [{ id: appId }, { id: environmentId }] = await Promise.all([
        this.directory.app(app),
        this.directory.environment(environment),
      ]);
      return { appId, environmentId };
    }
    if (app === undefined && environment === undefined && !/^v/i.test(key)) return null;
    const missing = app === undefined ? 'app' : 'environment';
    throw invalid(missing, 'is required: the number of a release is that of one app in one environment.');
  }
}
