import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Host } from '../../domain/host/host.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { InstanceRow, StackRow, WorkerRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import type { AppLogQueryDto } from './app-log.dto.js';

/** Of so many instances the output is read at a time: each is a connection to its host. */
const MOST_INSTANCES = 100;

/** An instance whose container is there, or was a moment ago. */
export interface PrintingInstance {
  readonly id: string;
  readonly worker: string;
  readonly slot: number;
  readonly container: string;
  /** Name of its host. */
  readonly host: string;
  /** Null where Consul does not know it any more. */
  readonly at: Host | null;
}

/** Whose output is wanted, looked up. */
export interface Printers {
  readonly appId: string;
  readonly environmentId: string;
  /** In which pool the hosts are. */
  readonly pool: { readonly stack: string; readonly environment: string };
  readonly query: Pick<AppLogQueryDto, 'worker' | 'instance'>;
}

/** Finds the instances that print. */
@Injectable()
export class PrintingInstances {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  /** Whose output a query wants; `not_found` for a place or a worker that is not there. */
  async of(query: AppLogQueryDto): Promise<Printers> {
    const app = await this.directory.app(query.app);
    const environment = await this.directory.environment(query.environment);
    const place = { appId: app.id, environmentId: environment.id };
    const { manager } = this.dataSource;
    const { worker, instance } = query;
    if (worker !== undefined && !(await manager.existsBy(WorkerRow, { ...place, name: worker })))
      throw notFound('worker', worker);
    const stack = await manager.findOneByOrFail(StackRow, { id: app.stackId });
    const printers = { ...place, pool: { stack: stack.name, environment: environment.name }, query };
    if (instance !== undefined) await this.requireOne(printers, instance);
    return printers;
  }

  /** Whether nothing is left of any of them, and nothing of them will come. */
  async areGone(printers: Printers): Promise<boolean> {
    return !(await this.select(printers).andWhere("instance.state <> 'stopped'").getExists());
  }

  private async requireOne(printers: Printers, instance: string): Promise<void> {
    if (!(await this.select(printers).getExists())) throw notFound('instance', instance);
    if (await this.areGone(printers))
      throw new DomainError(
        'not_found',
        `Instance ${instance} is gone: what it printed went with its container. Ask without \`instance\` for those that run.`,
      );
  }

  /** Those that are there now, ordered by worker and slot. Throws `unavailable` where Consul does not answer. */
  async find(printers: Printers): Promise<readonly PrintingInstance[]> {
    const select = this.select(printers).andWhere("instance.state NOT IN ('planned', 'stopped')");
    const rows = await select.orderBy('instance.id').getMany();
    if (rows.length > MOST_INSTANCES)
      throw new DomainError(
        'unprocessable_entity',
        `${rows.length} instances are more than ${MOST_INSTANCES}, of which the output can be read at a time: name a worker or an instance.`,
      );
    const hosts = rows.length === 0 ? [] : await this.catalog.hosts(printers.pool);
    const at = new Map(hosts.map((host) => [host.name, host]));
    return rows.map((row) => ({ ...namesOf(row), at: at.get(row.host) ?? null }));
  }

  private select({ appId, environmentId, query: { worker, instance } }: Printers) {
    const select = this.dataSource
      .getRepository(InstanceRow)
      .createQueryBuilder('instance')
      .where('instance.appId = :appId AND instance.environmentId = :environmentId', { appId, environmentId });
    if (worker !== undefined) select.andWhere("instance.spec ->> 'name' = :worker", { worker });
    if (instance !== undefined) select.andWhere(`(${CALLED})`, { instance });
    return select;
  }
}

/** In SQL: whether an instance is called so. */
const CALLED = `instance.id::text = :instance OR instance.containerName = :instance
  OR (instance.spec ->> 'name') || '.' || instance.slot = :instance`;

function namesOf({ id, spec, slot, containerName, host }: InstanceRow): Omit<PrintingInstance, 'at'> {
  return { id, worker: spec.name, slot, container: containerName, host };
}
