import { Injectable } from '@nestjs/common';
import { DEFAULT_PER_PAGE, Page } from '../../store/page.js';
import { Directory } from '../../store/repositories/directory.js';
import { PlaceOverview } from '../../store/repositories/place-overview.js';
import { viewOf } from './overview-view.js';
import type { ListPlacesDto, PlaceDto } from './place.dto.js';

/** Places as the API shows them: what runs where, at a glance. */
@Injectable()
export class PlacesService {
  constructor(
    private readonly directory: Directory,
    private readonly overview: PlaceOverview,
  ) {}

  /** Ordered by the names of app and environment. */
  async list({ page = 1, per_page: perPage = DEFAULT_PER_PAGE, ...filter }: ListPlacesDto): Promise<Page<PlaceDto>> {
    const { app, environment } = filter;
    const all = await this.overview.places({
      ...(app === undefined ? {} : { appId: (await this.directory.app(app)).id }),
      ...(environment === undefined ? {} : { environmentId: (await this.directory.environment(environment)).id }),
    });
    const rows = await this.overview.rowsOf(all.slice((page - 1) * perPage, page * perPage));
    return new Page(rows.map(viewOf), page, perPage, all.length);
  }
}
