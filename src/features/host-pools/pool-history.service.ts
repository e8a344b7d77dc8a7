import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid } from '../../domain/kernel/errors.js';
import { CapacityChangeRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { PoolHistory, type PoolPoint } from '../../store/repositories/pool-history.js';
import { HostPoolsService } from './host-pools.service.js';
import { percentOf } from './host-pool-view.js';
import type {
  CapacityChangeDto,
  ListCapacityChangesDto,
  PoolPointDto,
  PoolUtilizationDto,
  PoolUtilizationQueryDto,
} from './pool-history.dto.js';

/** Samples are of each minute. */
const MINUTE = 60;
const DAY_MS = 86_400_000;

/** The most points of an answer, and how many there are where nothing is said. */
const POINTS = { most: 1500, usual: 300 } as const;

/** What was with pools. */
@Injectable()
export class PoolHistoryService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pools: HostPoolsService,
    private readonly history: PoolHistory,
  ) {}

  /** Newest first. */
  async changes(id: string, query: ListCapacityChangesDto): Promise<Page<CapacityChangeDto>> {
    const { id: poolId } = await this.pools.row(id);
    const select = this.dataSource.getRepository(CapacityChangeRow).createQueryBuilder('change').where({ poolId });
    return (await readPage(select, query)).map(changeOf);
  }

  async utilization(id: string, query: PoolUtilizationQueryDto): Promise<PoolUtilizationDto> {
    const { id: poolId } = await this.pools.row(id);
    const span = spanOf(query, new Date());
    const points = await this.history.read({ poolId, ...span });
    const minutes = points.reduce((sum, { samples }) => sum + samples, 0);
    const over = (figure: (point: PoolPoint) => number): number =>
      points.reduce((sum, point) => sum + figure(point) * point.samples, 0) / Math.max(1, minutes);
    return {
      from: span.from.toISOString(),
      to: span.to.toISOString(),
      step: span.step,
      host_hours: rounded((over(({ hosts }) => hosts) * minutes * MINUTE) / 3600),
      memory_percent: percentOf(
        over(({ reservedMemoryMb }) => reservedMemoryMb),
        over(({ memoryMb }) => memoryMb),
      ),
      cpu_percent: percentOf(
        over(({ reservedCpus }) => reservedCpus),
        over(({ cpus }) => cpus),
      ),
      points: points.map(pointOf),
    };
  }
}

function spanOf(query: PoolUtilizationQueryDto, now: Date) {
  const to = query.to === undefined ? now : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(query.from);
  const seconds = (to.getTime() - from.getTime()) / 1000;
  if (seconds <= 0) throw invalid('from', 'should be before to.');
  const step = query.step ?? Math.max(MINUTE, Math.ceil(seconds / POINTS.usual / MINUTE) * MINUTE);
  if (seconds / step > POINTS.most)
    throw invalid(
      'step',
      `is ${step}, which makes ${Math.ceil(seconds / step)} points; for this time it should be at least ` +
        `${Math.ceil(seconds / POINTS.most)} seconds.`,
    );
  return { from, to, step };
}

function changeOf(row: CapacityChangeRow): CapacityChangeDto {
  return {
    id: row.id,
    from_hosts: row.fromHosts,
    to_hosts: row.toHosts,
    cause: row.cause,
    reason: row.reason,
    applied: row.applied,
    requested_by: row.requestedBy,
    created_at: row.createdAt.toISOString(),
  };
}

function pointOf(point: PoolPoint): PoolPointDto {
  return {
    at: point.at.toISOString(),
    desired_hosts: point.desiredHosts,
    hosts: rounded(point.hosts),
    memory_mb: rounded(point.memoryMb),
    cpus: rounded(point.cpus),
    reserved_memory_mb: rounded(point.reservedMemoryMb),
    reserved_cpus: rounded(point.reservedCpus),
    memory_percent: percentOf(point.reservedMemoryMb, point.memoryMb),
    cpu_percent: percentOf(point.reservedCpus, point.cpus),
    instances: rounded(point.instances),
    waiting: point.waiting,
  };
}

const rounded = (figure: number): number => Math.round(figure * 100) / 100;
