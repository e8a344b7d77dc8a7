import { Reference } from '../../http/input/fields.js';
import { Moment } from '../../http/input/moment.js';
import { NamedDto } from '../deliveries/delivery.dto.js';

/** The release that was current. */
export class StateReleaseDto {
  /** Its id. */
  id!: string;

  /** `v4`. */
  name!: string;

  /** The commit that it is of: 40 hexadecimal digits. */
  rref!: string;

  /** Its image, by digest. */
  image!: string;

  /** Id of the deploy that made it current. */
  deploy_id!: string;

  /** Since when it was current: ISO 8601, UTC. */
  since!: string;

  /** The version of the Config Set that its containers got; null for none. */
  config_version!: number | null;
}

/** A container. */
export class StateInstanceDto {
  /** Its id. */
  id!: string;

  /** Name of its worker. */
  worker!: string;

  /** Its slot, 1 and up. */
  slot!: number;

  /** The host that it was on. */
  host!: string;

  /** The port on the host; null for a worker without one. */
  port!: number | null;

  /** Id of the deploy that it is of. */
  deploy_id!: string;

  /** `planned`, `started`, `healthy` or `draining`. */
  state!: string;

  /** Since when it was in that state: ISO 8601, UTC. */
  since!: string;

  /** Whether traffic went to it. */
  live!: boolean;
}

/** An app in an environment. */
export class StatePlaceDto {
  /** The app. */
  app!: NamedDto;

  /** The environment. */
  environment!: NamedDto;

  /** What was current; null before the first release. */
  release!: StateReleaseDto | null;

  /** The newest version of the Config Set, which the next deploy would have got; null for none, or before the first release. */
  newest_config_version!: number | null;

  /** The containers, by worker and slot. */
  instances!: StateInstanceDto[];
}

/** A host on which something ran, or of which something was said. */
export class StateHostDto {
  /** Its name. */
  name!: string;

  /** How many containers were on it, of those that the caller may see. */
  instances!: number;

  /** Memory that they reserved, in MB. */
  memory_mb!: number;

  /** Processor cores that they reserved. */
  cpus!: number;

  /** `free`, `cordoned` or `draining`; null where no event of it is kept, or the caller may not see hosts. */
  word!: string | null;

  /** Whether it was lost; null where no event of it is kept, or the caller may not see hosts. */
  lost!: boolean | null;
}

/** What ran where at a time. */
export class StateDto {
  /** The time: ISO 8601, UTC. */
  at!: string;

  /** The apps in their environments, by name. */
  places!: StatePlaceDto[];

  /** The hosts, by name. */
  hosts!: StateHostDto[];
}

/** The state as an answer shows it. */
export const STATE_EXAMPLE: StateDto = {
  at: '2026-11-21T03:36:00.000Z',
  places: [
    {
      app: { id: '1', name: 'sample' },
      environment: { id: '2', name: 'production' },
      release: {
        id: '4',
        name: 'v4',
        rref: '5b0c7d1e54a54f0b9a1c0f6a3c2f9d115b0c7d1e',
        image: 'registry.example.com/sample@sha256:1f0c4e9a5f0d2f7d8f1f5d9a1b3f0c2a4e6d8b7a9c1e3f5b7d9a0c2e4f6b1c1c',
        deploy_id: '7',
        since: '2026-11-20T15:02:11.000Z',
        config_version: 3,
      },
      newest_config_version: 3,
      instances: [
        {
          id: '12',
          worker: 'web',
          slot: 1,
          host: 'h1',
          port: 27316,
          deploy_id: '7',
          state: 'healthy',
          since: '2026-11-20T15:02:04.000Z',
          live: true,
        },
      ],
    },
  ],
  hosts: [{ name: 'h1', instances: 1, memory_mb: 256, cpus: 0.1, word: 'free', lost: false }],
};

/** Which state is wanted. */
export class StateQueryDto {
  /** The time; now where nothing is said. */
  @Moment()
  at?: string;

  /** Only this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}
