import { Injectable } from '@nestjs/common';
import { EVERYWHERE } from '../../domain/access/grant.js';
import { invalid } from '../../domain/kernel/errors.js';
import { Directory } from '../../store/repositories/directory.js';
import { type PastPlace, PastState } from '../../store/repositories/past-state.js';
import { inSight } from '../../store/within-sight.js';
import type { StateDto, StateQueryDto } from './state.dto.js';
import { hostsOf, placesOf } from './state-view.js';

/** A moment that lies before now by another clock than this machine's, in milliseconds. */
const CLOCKS_APART = 60_000;

/** What ran where, as the API shows it. */
@Injectable()
export class StateService {
  constructor(
    private readonly past: PastState,
    private readonly directory: Directory,
  ) {}

  async at({ at: asked, app, environment }: StateQueryDto): Promise<StateDto> {
    const at = asked === undefined ? new Date() : new Date(asked);
    if (at.getTime() > Date.now() + CLOCKS_APART)
      throw invalid('at', `is ${asked}, which has not come yet: leave it out for now.`);
    const appId = app === undefined ? null : (await this.directory.app(app)).id;
    const environmentId = environment === undefined ? null : (await this.directory.environment(environment)).id;
    const isWanted = (place: PastPlace): boolean =>
      (appId === null || place.appId === appId) &&
      (environmentId === null || place.environmentId === environmentId) &&
      inSight({ app: place.appId, environment: place.environment });
    const instances = (await this.past.instances(at)).filter(isWanted);
    const releases = (await this.past.releases(at)).filter(isWanted);
    const isWhole = appId === null && environmentId === null && inSight(EVERYWHERE);
    const words = isWhole ? await this.past.hostWords(at) : [];
    return { at: at.toISOString(), places: placesOf(releases, instances), hosts: hostsOf(instances, words) };
  }
}
