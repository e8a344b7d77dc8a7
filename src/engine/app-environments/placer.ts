import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { containerName } from '../../domain/instance/container-name.js';
import { pickHostPort } from '../../domain/placement/pick-host-port.js';
import { placeInstances } from '../../domain/placement/place-instances.js';
import type { Candidate, Need, Unplaced } from '../../domain/placement/placement.js';
import type { MissingInstance } from '../../domain/reconcile/plan-reconcile.js';
import type { SurveyedHost } from '../../observation/host-survey.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import { HostLoads, NO_LOAD, type HostLoad } from '../../store/repositories/host-loads.js';
import { Instances, type NewInstance } from '../../store/repositories/instances.js';

/** Slots of an app in an environment that need a place. */
export interface PlacementRequest {
  readonly state: AppEnvironment;
  readonly missing: readonly MissingInstance[];
  /** Image by digest. */
  readonly image: string;
  readonly hosts: readonly SurveyedHost[];
  /** Whether nothing is reserved unless everything has a place. */
  readonly allOrNothing: boolean;
}

/** What was reserved, and what found no place. */
export interface PlacementAnswer {
  readonly reserved: readonly NewInstance[];
  readonly unplaced: readonly Unplaced[];
}

/** Gives out places: decides by the pure placement, and reserves in Postgres, one engine at a time. */
@Injectable()
export class Placer {
  constructor(private readonly loads: HostLoads) {}

  /** Places and reserves. `also` runs in the same transaction, before the reservation; false from it calls all off. */
  async reserve(
    request: PlacementRequest,
    also: (manager: EntityManager) => Promise<boolean> = async () => true,
  ): Promise<PlacementAnswer> {
    return this.loads.alone(request.state.app.id, async (manager, loads) => {
      const { placed, unplaced } = placeInstances(
        request.missing.map((each) => needOf(each, request)),
        request.hosts.map((each) => candidateOf(each, loads.get(each.host.name) ?? NO_LOAD, request)),
      );
      if (request.allOrNothing && unplaced.length > 0) return { reserved: [], unplaced };
      const byKey = new Map(request.missing.map((each) => [nameOfSlot(each, request), each]));
      const ports = new Map([...loads].map(([host, { ports: taken }]) => [host, new Set(taken)]));
      const reserved = placed.flatMap(({ need, host }) => {
        const missing = byKey.get(need.key);
        return missing === undefined ? [] : [newInstance(missing, request, { host, ports })];
      });
      if (!(await also(manager))) return { reserved: [], unplaced: [] };
      await Instances.insert(manager, reserved);
      return { reserved, unplaced };
    });
  }
}

function nameOfSlot(missing: MissingInstance, { state }: PlacementRequest): string {
  return containerName({
    app: state.app.name,
    environment: state.environment,
    worker: missing.worker.spec.name,
    slot: missing.slot,
    deployId: missing.deployId,
    attempt: missing.attempt,
  });
}

function needOf(missing: MissingInstance, request: PlacementRequest): Need {
  const { spec, workerId } = missing.worker;
  return {
    key: nameOfSlot(missing, request),
    app: request.state.app.id,
    group: workerId,
    worker: spec.name,
    slot: missing.slot,
    resources: spec.resources,
    image: request.image,
    needsTcpDocker: spec.check.kind === 'running',
  };
}

function candidateOf({ host, capacity, hasImage }: SurveyedHost, load: HostLoad, request: PlacementRequest): Candidate {
  return {
    host,
    capacity,
    cordoned: load.cordoned,
    cordonReason: load.cordonReason,
    reserved: load.reserved,
    groupCounts: load.byWorker,
    images: new Set(hasImage ? [request.image] : []),
    recentFailures: new Map([[request.state.app.id, load.recentFailures]]),
  };
}

function newInstance(
  missing: MissingInstance,
  request: PlacementRequest,
  { host, ports }: { host: string; ports: Map<string, Set<number>> },
): NewInstance {
  const { spec, workerId } = missing.worker;
  const { appId, environmentId } = request.state.key;
  const name = nameOfSlot(missing, request);
  const taken = ports.get(host) ?? new Set<number>();
  const hostPort = spec.port === null ? null : pickHostPort(taken, name);
  if (hostPort !== null) ports.set(host, taken.add(hostPort));
  const { slot, deployId, attempt } = missing;
  return { appId, environmentId, workerId, deployId, slot, attempt, containerName: name, host, hostPort, spec };
}
