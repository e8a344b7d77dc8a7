import { Reference, WholeNumber } from '../../http/input/fields.js';

/** What runs in a place: its current release. */
export class PlaceReleaseDto {
  /** Its number, `v41`. */
  number!: string;

  /** The full commit id. */
  rref!: string;

  /** Since when it is current: ISO 8601, UTC. */
  since!: string;
}

/** A deploy, as briefly as a list of places shows it. */
export class PlaceDeployDto {
  /** Its id. */
  id!: string;

  /** `created`, `building`, `deploying`, `deployed`, `failed` or `stopped`. */
  state!: string;

  /** What is finer, as of a deploy; null in progress. */
  outcome!: string | null;

  /** `deploy`, `rollback`, `promotion` or `config`. */
  kind!: string;

  /** The full commit id. */
  rref!: string;

  /** Why it failed, in one sentence. */
  failure_reason!: string | null;

  /** Why it is paused; null where it is not. */
  paused_because!: string | null;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When it settled; null in progress. */
  completed_at!: string | null;
}

/** A worker in a place, and its instances by how they are. */
export class PlaceWorkerDto {
  /** Its name. */
  name!: string;

  /** How many instances are wanted. */
  wanted!: number;

  /** How many are healthy. */
  healthy!: number;

  /** How many are planned, or started and not healthy yet. */
  starting!: number;

  /** How many have failed and are not yet replaced. */
  failed!: number;

  /** The hosts of the healthy ones, ordered by name. */
  hosts!: string[];
}

/** A place: an app in an environment. */
export class PlaceDto {
  /** Name of the app. */
  app!: string;

  /** Name of the environment. */
  environment!: string;

  /**
   * All of it in one word: `deploying`; `failing`, where fewer instances are healthy than wanted; `failed`, where the last
   * deploy did not succeed and what was there serves on; `held`; `running`; or `idle`, where nothing is wanted or there is
   * no release. The first that fits.
   */
  condition!: string;

  /** What runs; null before anything succeeded. */
  release!: PlaceReleaseDto | null;

  /** The deploy in progress; null where there is none. */
  deploy!: PlaceDeployDto | null;

  /** The last deploy that settled; null where none did. */
  last_deploy!: PlaceDeployDto | null;

  /** Why automatic deploys are held back; null where they are not. */
  hold!: string | null;

  /** Ordered by name. */
  workers!: PlaceWorkerDto[];
}

const DEPLOY_EXAMPLE: PlaceDeployDto = {
  id: '42',
  state: 'deployed',
  outcome: 'succeeded',
  kind: 'deploy',
  rref: '678d49f786ba777441ee9106c1be390048c539ac',
  failure_reason: null,
  paused_because: null,
  created_at: '2026-11-21T03:36:00.000Z',
  completed_at: '2026-11-21T03:36:12.000Z',
};

/** A place as an answer shows it. */
export const PLACE_EXAMPLE: PlaceDto = {
  app: 'sample',
  environment: 'production',
  condition: 'running',
  release: { number: 'v41', rref: DEPLOY_EXAMPLE.rref, since: '2026-11-21T03:36:12.000Z' },
  deploy: null,
  last_deploy: DEPLOY_EXAMPLE,
  hold: null,
  workers: [{ name: 'web', wanted: 2, healthy: 2, starting: 0, failed: 0, hosts: ['host-1', 'host-2'] }],
};

/** Which places are wanted. */
export class ListPlacesDto {
  /** Number of the page, 1 and up. */
  @WholeNumber({ min: 1, max: 1_000_000, optional: true, example: 1 })
  page?: number;

  /** How many a page holds; 25 where nothing is said. */
  @WholeNumber({ min: 1, max: 100, optional: true, example: 25 })
  per_page?: number;

  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}
