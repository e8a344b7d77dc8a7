import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { DependencyDto, ReadinessDto } from './health.dto.js';

/** How long a part may take to answer, in milliseconds. */
const PATIENCE = 3_000;

/** Asks the parts that Jockey needs. What they say is not shown: everybody may ask. */
@Injectable()
export class HealthService {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  async readiness(): Promise<ReadinessDto> {
    const dependencies = await Promise.all([
      ask('postgres', () => this.dataSource.query('SELECT 1')),
      ask('redis', () => this.queue.ping()),
      ask('consul', () => this.catalog.environmentsOf('build')),
    ]);
    return { status: statusOf(dependencies), dependencies };
  }
}

/** Without Postgres nothing can be answered; without the others the API answers, and the engine goes on when they are back. */
function statusOf(dependencies: readonly DependencyDto[]): string {
  const missing = dependencies.filter(({ ok }) => !ok).map(({ name }) => name);
  if (missing.includes('postgres')) return 'unavailable';
  return missing.length === 0 ? 'ok' : 'degraded';
}

async function ask(name: string, question: () => Promise<unknown>): Promise<DependencyDto> {
  const begin = performance.now();
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE).unref());
  const answered = question().then(
    () => true,
    () => false,
  );
  const ok = await Promise.race([answered, late]);
  return { name, ok, milliseconds: Math.round(performance.now() - begin) };
}
