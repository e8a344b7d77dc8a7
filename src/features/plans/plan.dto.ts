import { getSchemaPath } from '@nestjs/swagger';
import { Field, Reference, show } from '../../http/input/fields.js';
import { ResourcesDto } from '../hosts/host.dto.js';
import {
  AddHostsChangeDto,
  ConfigChangeDto,
  DeployChangeDto,
  GroupOfChangeDto,
  LoseHostChangeDto,
  ScaleChangeDto,
} from './change.dto.js';
import { PLAN_POOL_EXAMPLE, PlanPoolDto } from './pool-plan.dto.js';

const changeFault = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : `is ${show(value)}, but should be a map with a kind: {"kind": "scale", "worker": "web", "scale": 5}.`;

const CHANGES = [
  DeployChangeDto,
  ScaleChangeDto,
  ConfigChangeDto,
  LoseHostChangeDto,
  AddHostsChangeDto,
  GroupOfChangeDto,
];

/** What would be changed, and where. */
export class CreatePlanDto {
  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** The app, by name or id. Of a host that is lost or added: only this app, where one is named. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** The change: its `kind`, and what that kind needs. */
  @Field('map', changeFault, {
    example: { kind: 'scale', worker: 'web', scale: 5 },
    schema: { type: 'object', oneOf: CHANGES.map((each) => ({ $ref: getSchemaPath(each) })) } as object,
  })
  change!: Record<string, unknown>;
}

/** One thing that would be done. */
export class PlanStepDto {
  /** 1 and up: what is of one round goes on side by side. Of a deploy, its wave. */
  round!: number;

  /** `start`, `stop`, `move` (a new instance takes the place of one, on the same host or another) or `restart`. */
  action!: string;

  /** Name of the app. */
  app!: string;

  /** Name of the worker. */
  worker!: string;

  /** Number of the instance among the worker's, 1 and up. */
  slot!: number;

  /** The host that it is on now; null for none. */
  from!: string | null;

  /** The host that it would be on; null for none. */
  to!: string | null;

  /** Why, in one clause. */
  because!: string;
}

/** Why one host does not take an instance. */
export class PlanRefusalDto {
  /** Name of the host. */
  host!: string;

  /** All of its reasons, with figures. */
  reason!: string;
}

/** A slot that would find no place. */
export class PlanUnplacedDto {
  /** Name of the app. */
  app!: string;

  /** Name of the worker. */
  worker!: string;

  /** Number of the instance. */
  slot!: number;

  /** Every host of its pool, with its reasons; empty where there is none. */
  reasons!: PlanRefusalDto[];
}

/** What is on a host at one moment, of all apps. */
export class OccupationDto {
  /** How many instances hold room. */
  instances!: number;

  /** What they reserve. */
  reserved!: ResourcesDto;

  /** What is left; null where nobody knows what the host has. */
  left!: ResourcesDto | null;
}

/** What would become of a host. */
export class PlanHostDto {
  /** Its name. */
  host!: string;

  /** Whether it is only planned. */
  is_new!: boolean;

  /** Whether it can be used, in this plan. */
  healthy!: boolean;

  /** Whether an operator keeps new instances away from it. */
  cordoned!: boolean;

  /** What it has; null where nobody knows. */
  capacity!: ResourcesDto | null;

  /** As it is now. */
  before!: OccupationDto;

  /** The most on the way: new instances stand beside the old ones for a while. */
  peak!: OccupationDto;

  /** As it would be in the end. */
  after!: OccupationDto;
}

/** What a change of variables would bring, with the next deploy. */
export class PlanNextDeployDto {
  /** Names of the variables that its containers would have otherwise than those that run. */
  variables!: string[];

  /** Names of the workers whose instances would be exchanged. */
  workers!: string[];
}

/** What would happen. */
export class PlanDto {
  /** Whether anything would be started, stopped or moved. */
  would_change!: boolean;

  /** The whole in one sentence. */
  answer!: string;

  /** What would be done, in its order. */
  steps!: PlanStepDto[];

  /** What would find no place. A deploy with one such slot would end as `not_placed`, and change nothing. */
  unplaced!: PlanUnplacedDto[];

  /** Every host of the environment that is looked at, by name. */
  hosts!: PlanHostDto[];

  /** Of a scale, a lost host and another size of a pool: what it would cost the host pools it is about, or save them. */
  pools!: PlanPoolDto[];

  /** Of a change of variables: what it would bring; else null. */
  next_deploy!: PlanNextDeployDto | null;

  /** What the plan takes for granted, and what it leaves out. */
  notes!: string[];
}

const resources = (memory_mb: number, cpus: number): ResourcesDto => ({ memory_mb, cpus });

const occupation = (instances: number): OccupationDto => ({
  instances,
  reserved: resources(256 * instances, instances / 10),
  left: resources(4096 - 256 * instances, 2 - instances / 10),
});

/** A plan as an answer shows it. */
export const PLAN_EXAMPLE: PlanDto = {
  would_change: true,
  answer: '1 instance would be started.',
  steps: [
    {
      round: 1,
      action: 'start',
      app: 'sample',
      worker: 'web',
      slot: 2,
      from: null,
      to: 'h1',
      because: 'web is scaled to 2, and slot 2 is empty',
    },
  ],
  unplaced: [],
  hosts: [
    {
      host: 'h1',
      is_new: false,
      healthy: true,
      cordoned: false,
      capacity: resources(4096, 2),
      before: occupation(1),
      peak: occupation(2),
      after: occupation(2),
    },
  ],
  pools: [PLAN_POOL_EXAMPLE],
  next_deploy: null,
  notes: [],
};
