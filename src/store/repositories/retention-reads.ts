import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BuildRow, StackRow } from '../entities/index.js';
import { retentionFacts, type RetentionFacts } from './retention-facts.js';

/** What the looks at disks and the registry ask Postgres. */
@Injectable()
export class RetentionReads {
  constructor(private readonly dataSource: DataSource) {}

  /** What is known of all images of the registry, and of who needs them. */
  facts(registry: string): Promise<RetentionFacts> {
    return retentionFacts(this.dataSource.manager, { registry });
  }

  /** Names of the stacks. */
  async stacks(): Promise<readonly string[]> {
    return (await this.dataSource.manager.find(StackRow)).map(({ name }) => name);
  }

  /** Names of the hosts that builds in progress are on. */
  async hostsThatBuild(): Promise<ReadonlySet<string | null>> {
    const builds = await this.dataSource.manager.findBy(BuildRow, { state: 'in_progress' });
    return new Set(builds.map(({ containerHost }) => containerHost));
  }

  /** Whether a build waits for a host. */
  anyBuildWaits(): Promise<boolean> {
    return this.dataSource.manager.existsBy(BuildRow, { state: 'in_progress', phase: 'queued' });
  }
}
