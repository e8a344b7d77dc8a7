import { Inject, Injectable } from '@nestjs/common';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { DependencyDto, ReadinessDto } from './health.dto.js';

const log = pino({ name: 'health' });

/** How long a part may take to answer, in milliseconds: less than the patience of who asks whether Jockey is ready. */
const PATIENCE = 3_000;

/** Asks the parts that Jockey needs, side by side. What they say goes into the log alone: everybody may ask. */
@Injectable()
export class HealthService {
  private readonly away = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  /** Never rejects, and takes three seconds at the most. */
  async readiness(): Promise<ReadinessDto> {
    const dependencies = await Promise.all([
      this.ask('postgres', () => this.dataSource.query('SELECT 1')),
      this.ask('redis', () => this.queue.ping()),
      this.ask('consul', () => this.catalog.environmentsOf('build')),
    ]);
    return { status: statusOf(dependencies), dependencies };
  }

  private async ask(name: string, question: () => Promise<unknown>): Promise<DependencyDto> {
    const begin = performance.now();
    const fault = await faultOf(question);
    this.note(name, fault);
    const milliseconds = Math.round(performance.now() - begin);
    return { name, ok: fault === null, milliseconds, error: fault === null ? null : `${name} does not answer` };
  }

  /** Once an outage: readiness is asked every few seconds. */
  private note(name: string, fault: string | null): void {
    if (fault === null) this.away.delete(name);
    else if (!this.away.has(name)) log.warn({ part: name, error: fault }, 'a part that Jockey needs does not answer');
    if (fault !== null) this.away.add(name);
  }
}

/** Without Postgres nothing can be answered; without the others the API answers, and the engine goes on when they are back. */
function statusOf(dependencies: readonly DependencyDto[]): string {
  const missing = dependencies.filter(({ ok }) => !ok).map(({ name }) => name);
  if (missing.includes('postgres')) return 'unavailable';
  return missing.length === 0 ? 'ok' : 'degraded';
}

/** What stands against an answer in time; null for nothing. A late answer is left behind. */
async function faultOf(question: () => Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${PATIENCE / 1000} s`), PATIENCE);
  });
  const answer = question().then(() => null, sentenceOf);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
