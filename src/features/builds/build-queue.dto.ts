import { Text } from '../../http/input/fields.js';
import { BUILD_EXAMPLE } from './build.dto.js';

/** A build that runs. */
export class RunningBuildDto {
  /** Its id. */
  id!: string;

  /** Name of its app. */
  app!: string;

  /** What was asked for. */
  ref!: string;

  /** The full commit id. */
  rref!: string;

  /** The branch, where it was asked for by one. */
  branch!: string | null;

  /** The host that it runs on; null while that is being found. */
  host!: string | null;

  /** `preparing`, `building` or `pushing`. */
  phase!: string;

  /** When it began for the first time: ISO 8601, UTC. */
  started_at!: string | null;
}

/** A build that waits. */
export class WaitingBuildDto {
  /** Its id. */
  id!: string;

  /** Name of its app. */
  app!: string;

  /** What was asked for. */
  ref!: string;

  /** The full commit id. */
  rref!: string;

  /** The branch, where it was asked for by one. */
  branch!: string | null;

  /** Its place in the queue, 1 for the next; those of all apps are counted. */
  position!: number;

  /** What it waits for, in one sentence. */
  why!: string;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** For how long it has waited, in seconds; for one that ran before, since it was asked for. */
  waited_seconds!: number;
}

/** A host that builds. */
export class BuildHostLoadDto {
  /** Its name. */
  name!: string;

  /** How many builds it has. */
  running!: number;

  /** How many it may have. */
  most!: number;

  /** Why it gets no builds now; null where it does. */
  why_not!: string | null;
}

/** The queue of builds. */
export class BuildQueueDto {
  /** How many wait, of all apps. */
  length!: number;

  /** How many run, of all apps. */
  running_count!: number;

  /** How many may run at once on all hosts together. */
  most_at_once!: number;

  /** Half of the builds that began within the last 24 hours waited no longer than this, in seconds; null while there are none. */
  wait_seconds_p50!: number | null;

  /** 95 of a hundred of them waited no longer than this, in seconds. */
  wait_seconds_p95!: number | null;

  /** Builds that were asked for within the last hour. */
  asked_per_hour!: number;

  /** Builds that began within the last hour. */
  begun_per_hour!: number;

  /** Builds that settled within the last hour, however they did. */
  settled_per_hour!: number;

  /** Those that run, oldest first. */
  running!: RunningBuildDto[];

  /** Those that wait, in the order in which they are going to begin. */
  waiting!: WaitingBuildDto[];

  /** The hosts that build, by name; none while Consul does not answer. */
  hosts!: BuildHostLoadDto[];
}

const RUNNING = { id: '11', app: 'sample', ref: 'main', rref: BUILD_EXAMPLE.rref, branch: 'main' };

/** The queue as an answer shows it. */
export const BUILD_QUEUE_EXAMPLE: BuildQueueDto = {
  length: 1,
  running_count: 1,
  most_at_once: 20,
  wait_seconds_p50: 0.4,
  wait_seconds_p95: 12.7,
  asked_per_hour: 14,
  begun_per_hour: 13,
  settled_per_hour: 12,
  running: [{ ...RUNNING, host: 'h3', phase: 'building', started_at: '2026-11-21T03:36:00.400Z' }],
  waiting: [
    {
      ...{ ...RUNNING, id: '12', ref: 'fix', branch: 'fix', position: 1 },
      why: 'every build host has 1 builds, as many as BUILDS_PER_HOST allows: h3',
      ...{ created_at: '2026-11-21T03:36:10.000Z', waited_seconds: 5.2 },
    },
  ],
  hosts: [{ name: 'h3', running: 1, most: 1, why_not: null }],
};

/** Why a build should end. */
export class CancelBuildDto {
  /** Why, in one line: it stands in the build's failure reason and in that of deploys that wait for it. */
  @Text({
    min: 1,
    max: 300,
    pattern: /^[^\p{Cc}]+$/u,
    shape: 'a reason in one line',
    optional: true,
    example: 'wrong branch',
  })
  reason?: string;
}
