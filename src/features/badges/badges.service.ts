import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { badgeOf } from '../../domain/badge/badge.js';
import { badgeSvg } from '../../domain/badge/badge-svg.js';
import { releaseName } from '../../domain/release/release-facts.js';
import { DeployRow, ReleaseRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';

/** Badges: how an app in an environment stands, as a small picture. */
@Injectable()
export class BadgesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
  ) {}

  /** As SVG. */
  async draw(appKey: string, environmentKey: string): Promise<string> {
    const app = await this.directory.app(appKey);
    const environment = await this.directory.environment(environmentKey);
    const { manager } = this.dataSource;
    const place = { appId: app.id, environmentId: environment.id };
    const release = await manager.findOne(ReleaseRow, { where: place, order: { number: 'DESC' } });
    const deploy = await manager.findOne(DeployRow, { where: { ...place, queued: false }, order: { id: 'DESC' } });
    return badgeSvg(
      badgeOf({
        app: app.name,
        environment: environment.name,
        release: release === null ? null : { name: releaseName(release), sha: release.sha },
        deploy,
      }),
    );
  }
}
