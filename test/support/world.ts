import type { DataSource } from 'typeorm';
import {
  AppRow,
  BuildRow,
  DeployRow,
  EnvironmentRow,
  InstanceRow,
  StackRow,
  WorkerRow,
} from '../../src/store/entities/index.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { serviceName } from '../../src/domain/kernel/names.js';
import type { FakeWorld } from './api.js';
import { aHost } from './fake-ports.js';
import { specOf } from '../../src/store/worker-spec.js';

/** A commit id of a number. */
export const shaOf = (number: number): string => number.toString(16).padStart(40, '0');

/** The environments and the stack that most tests need. */
export async function seedPlaces(dataSource: DataSource): Promise<void> {
  for (const name of ['development', 'staging', 'production'])
    await dataSource.getRepository(EnvironmentRow).save({ name } as EnvironmentRow);
  for (const name of ['api', 'build']) await dataSource.getRepository(StackRow).save({ name } as StackRow);
}

/** Where an app stands in an environment. */
export interface Place {
  readonly app: string;
  readonly environment: string;
}

async function idsOf(dataSource: DataSource, place: Place): Promise<{ appId: string; environmentId: string }> {
  const app = await dataSource
    .getRepository(AppRow)
    .findOneOrFail({ where: { name: place.app }, order: { id: 'DESC' } });
  const environment = await dataSource.getRepository(EnvironmentRow).findOneByOrFail({ name: place.environment });
  return { appId: app.id, environmentId: environment.id };
}

/** A deploy as the engine would have written it. */
export async function putDeploy(dataSource: DataSource, place: Place, state: DeployRow['state']): Promise<DeployRow> {
  const ids = await idsOf(dataSource, place);
  const rref = shaOf(1);
  const builds = dataSource.getRepository(BuildRow);
  const build =
    (await builds.findOneBy({ appId: ids.appId, rref })) ??
    (await builds.save({ appId: ids.appId, ref: 'main', rref, state: 'completed', image: 'r/x@sha256:1' } as BuildRow));
  const row = { ...ids, rref, state, buildId: build.id, outcome: state === 'deployed' ? 'succeeded' : null };
  return dataSource.getRepository(DeployRow).save(row as DeployRow);
}

/** A running instance of the `web` worker, as the engine would have written it. */
export async function putInstance(
  dataSource: DataSource,
  deploy: DeployRow,
  { host, slot = 1 }: { host: string; slot?: number },
): Promise<InstanceRow> {
  const { appId, environmentId } = deploy;
  const worker = await dataSource.getRepository(WorkerRow).findOneByOrFail({ appId, environmentId, name: 'web' });
  return dataSource.getRepository(InstanceRow).save({
    appId,
    environmentId,
    workerId: worker.id,
    deployId: deploy.id,
    slot,
    containerName: `web-${slot}-d${deploy.id}`,
    host,
    hostPort: 20_000 + Number(deploy.id) * 10 + slot,
    spec: specOf(worker),
    memoryMb: 256,
    cpus: 0.1,
    state: 'healthy',
  } as InstanceRow);
}

/** Makes it so that what is written of instances is there: a container that runs on its host, and a check that passes. */
export function putThere(world: FakeWorld, place: Place, instances: readonly InstanceRow[]): void {
  const pool = `api/${place.environment}`;
  const known = world.hosts.pools.get(pool) ?? [];
  const names = [...new Set(instances.map(({ host }) => host))].filter(
    (name) => !known.some((each) => each.name === name),
  );
  world.hosts.pools.set(pool, [...known, ...names.map((name) => aHost(name))]);
  for (const { host, hostPort, containerName: name, spec } of instances) {
    const labels = { [LABELS.app]: place.app, [LABELS.environment]: place.environment };
    const container = { id: name, name, state: 'running' as const, labels, hostPort };
    world.docker.containers.set(host, [...(world.docker.containers.get(host) ?? []), container]);
    const service = serviceName(place.app, spec.name);
    const entry = { id: name, service, node: host, address: '10.0.0.1', port: hostPort, tags: [], meta: { ...place } };
    const others = world.registry.services.get(service) ?? [];
    world.registry.services.set(service, [...others, { ...entry, check: 'passing', checkOutput: 'HTTP GET: 200' }]);
  }
}
