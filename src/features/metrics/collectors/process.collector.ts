import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RequestTimes } from '../../../http/answer/request-times.js';
import { HealthService } from '../../health/health.service.js';
import type { Collector, Figure, Spread } from '../figure.js';

/** What is known of a pool of connections: https://node-postgres.com/apis/pool */
interface Pool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/** What this process has answered, and who answers it. Needs no Postgres. */
@Injectable()
export class ProcessCollector implements Collector {
  readonly name = 'process';

  constructor(
    private readonly requests: RequestTimes,
    private readonly health: HealthService,
    private readonly dataSource: DataSource,
  ) {}

  async read(): Promise<readonly (Figure | Spread)[]> {
    return [...this.answers(), ...this.connections(), ...(await this.dependencies())];
  }

  private answers(): (Figure | Spread)[] {
    const times = this.requests.spreads.map(({ of, buckets, seconds }): Spread => ({
      ...{ metric: 'jockey_http_request_duration_seconds', labels: { ...of } },
      ...{ buckets, sum: seconds },
    }));
    return [...times, { metric: 'jockey_http_requests_in_progress', value: this.requests.inProgress }];
  }

  private connections(): Figure[] {
    const { totalCount, idleCount, waitingCount } = (this.dataSource.driver as unknown as { master: Pool }).master;
    const states = { busy: totalCount - idleCount, idle: idleCount, awaited: waitingCount };
    return Object.entries(states).map(([state, value]) => ({
      ...{ metric: 'jockey_postgres_connections', labels: { state } },
      value,
    }));
  }

  private async dependencies(): Promise<Figure[]> {
    const { dependencies } = await this.health.readiness();
    return dependencies.flatMap(({ name: dependency, ok, milliseconds }): Figure[] => [
      { metric: 'jockey_dependency_up', labels: { dependency }, value: Number(ok) },
      { metric: 'jockey_dependency_seconds', labels: { dependency }, value: milliseconds / 1000 },
    ]);
  }
}
