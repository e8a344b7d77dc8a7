import { Injectable } from '@nestjs/common';
import { DataSource, In, Not } from 'typeorm';
import { HostRow, InstanceRow } from '../entities/index.js';

/** The operator's word on a host. */
export interface Cordon {
  readonly cordoned: boolean;
  /** Why; null where nothing is said. */
  readonly reason: string | null;
}

/** What Jockey itself keeps of hosts, beside what Consul says. */
@Injectable()
export class Hosts {
  constructor(private readonly dataSource: DataSource) {}

  /** The rows of those hosts of which something was said or seen, by name. */
  async rows(names: readonly string[]): Promise<ReadonlyMap<string, HostRow>> {
    const rows = await this.dataSource.manager.findBy(HostRow, { name: In([...names]) });
    return new Map(rows.map((row) => [row.name, row]));
  }

  /** Keeps the operator's word; the last one counts. */
  async keepCordon(name: string, { cordoned, reason }: Cordon): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO hosts (name, cordoned, reason) VALUES ($1, $2, $3)
       ON CONFLICT (name) DO UPDATE SET cordoned = excluded.cordoned, reason = excluded.reason`,
      [name, cordoned, reason],
    );
  }

  /** The instances of all apps that hold room on a host, oldest first. */
  async instancesOn(name: string): Promise<readonly InstanceRow[]> {
    return this.dataSource.manager.find(InstanceRow, {
      where: { host: name, state: Not('stopped') },
      order: { id: 'ASC' },
    });
  }

  /** How many instances have a container on each host, by its name. */
  async running(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.dataSource.query<{ host: string; running: number }[]>(
      `SELECT host, count(*)::int AS running FROM instances
       WHERE state IN ('started', 'healthy', 'draining') GROUP BY host`,
    );
    return new Map(rows.map(({ host, running }) => [host, running]));
  }
}
