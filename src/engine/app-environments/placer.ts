import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { pickHostPort } from '../../domain/placement/pick-host-port.js';
import { type Leaving, placeWaves } from '../../domain/placement/place-waves.js';
import type { Instance } from '../../domain/instance/instance.js';
import type { Unplaced } from '../../domain/placement/placement.js';
import type { MissingInstance } from '../../domain/reconcile/reconcile-snapshot.js';
import { nameOfMissing, waveNeedOf } from '../../domain/reconcile/wave-need.js';
import { candidatesOf } from '../../observation/candidates.js';
import type { SurveyedHost } from '../../observation/host-survey.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import { HostLoads } from '../../store/repositories/host-loads.js';
import { Instances, type NewInstance } from '../../store/repositories/instances.js';

/** Slots of an app in an environment that need a place. */
export interface PlacementRequest {
  readonly state: AppEnvironment;
  readonly missing: readonly MissingInstance[];
  /** Image by digest. */
  readonly image: string;
  readonly hosts: readonly SurveyedHost[];
  /** What makes room on the way. */
  readonly leaving: readonly Leaving[];
  /** Whether nothing is reserved unless everything has a place. */
  readonly allOrNothing: boolean;
}

/** An instance with a place, and why there is one. */
export interface ReservedInstance extends NewInstance {
  readonly because: string;
}

/** What was reserved, and what found no place. */
export interface PlacementAnswer {
  readonly reserved: readonly ReservedInstance[];
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
    const { app, environment } = request.state;
    const of = { app, environment, image: request.image };
    const appId = app.id;
    return this.loads.alone(appId, async (manager, loads) => {
      const { placed, unplaced } = placeWaves(
        request.missing.map((each) => waveNeedOf(each, of)),
        candidatesOf(request.hosts, loads, { ...request, appId, instances: request.state.instances }),
        request.leaving,
      );
      if (request.allOrNothing && unplaced.length > 0) return { reserved: [], unplaced };
      const byKey = new Map(request.missing.map((each) => [nameOfMissing(each, of), each]));
      const ports = new Map([...loads].map(([host, { ports: taken }]) => [host, new Set(taken)]));
      const found = placed.flatMap(({ need, host }) => {
        const missing = byKey.get(need.key);
        return missing === undefined ? [] : [{ missing, host }];
      });
      if (!(await also(manager))) return { reserved: [], unplaced: [] };
      await Instances.replace(manager, predecessorsOf(found));
      const reserved = found.map(({ missing, host }) => newInstance(missing, request, { host, ports }));
      await Instances.insert(manager, reserved);
      return { reserved, unplaced: unplaced.filter(({ need }) => byKey.get(need.key)?.onlyHost === null) };
    });
  }
}

function predecessorsOf(found: readonly { readonly missing: MissingInstance }[]): Instance[] {
  return found.flatMap(({ missing: { predecessor } }) => (predecessor === null ? [] : [predecessor]));
}

function newInstance(
  missing: MissingInstance,
  request: PlacementRequest,
  { host, ports }: { host: string; ports: Map<string, Set<number>> },
): ReservedInstance {
  const { spec, workerId } = missing.worker;
  const { appId, environmentId } = request.state.key;
  const name = nameOfMissing(missing, request.state);
  const taken = ports.get(host) ?? new Set<number>();
  const hostPort = spec.port === null ? null : pickHostPort(taken, name);
  if (hostPort !== null) ports.set(host, taken.add(hostPort));
  const { slot, deployId, attempt, wave, standby, because } = missing;
  const key = { appId, environmentId, workerId, deployId, slot, attempt };
  return { ...key, containerName: name, host, hostPort, spec, wave, standby, because };
}
