import { Flag, Reference, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { BUILD_EXAMPLE, BuildDto } from '../builds/build.dto.js';
import { AutomaticDto, WhenBusyDto } from '../deploys/deploy-input.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';
import { REASON } from '../holds/hold.dto.js';
import { RELEASE_KEY, RELEASE_KEY_SHAPE } from '../../domain/release/find-release.js';

/** A worker as a release has frozen it. */
export class ReleaseWorkerDto {
  /** Its name. */
  name!: string;

  /** The program and its arguments; empty for the image's own command. */
  command!: string[];

  /** The port inside the container that takes traffic; null for none. */
  port!: number | null;

  /** Memory of each instance, in MiB. */
  memory_mb!: number;

  /** Processor cores of each instance. */
  cpus!: number;

  /** The path at which it is asked whether it is healthy; null for one that only has to run. */
  health_path!: string | null;

  /** Seconds between leaving Consul and the stop signal. */
  drain_seconds!: number;

  /** The signal that asks it to end. */
  stop_signal!: string;

  /** Seconds between the stop signal and the kill. */
  stop_grace_seconds!: number;
}

/** A release: what a deploy made current, never changed, so that the same can be brought back. */
export class ReleaseDto {
  /** Its id. */
  id!: string;

  /** Its number among those of its app in its environment, `v41`. */
  number!: string;

  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** The deploy that made it current. */
  deploy_id!: string;

  /** What was rolled out. */
  build!: BuildDto;

  /** The image, by digest. */
  image!: string;

  /** The full commit id. */
  rref!: string;

  /** The version of the Config Set that its containers got, without its values; null where there was none. */
  config_version!: number | null;

  /** The workers as they were rolled out. How many of each there are is not part of a release. */
  workers!: ReleaseWorkerDto[];

  /** Why there is one: `deploy` of a commit, `rollback` to an earlier release, or `promotion` of another environment's. */
  kind!: string;

  /** The release that it brought back, or that was promoted, `v39`; null for a deploy of a commit. */
  from!: string | null;

  /** The environment of the release that it is from; null for a deploy of a commit. */
  from_environment!: string | null;

  /** Whether it is what should run now. */
  current!: boolean;

  /** When it became current: ISO 8601, UTC. */
  created_at!: string;
}

/** A release as an answer shows it. */
export const RELEASE_EXAMPLE: ReleaseDto = {
  id: '57',
  number: 'v41',
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  deploy_id: '42',
  build: BUILD_EXAMPLE,
  image: '10.0.0.2:5000/sample@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  rref: BUILD_EXAMPLE.rref,
  config_version: 3,
  workers: [
    {
      name: 'web',
      command: ['/start', 'web'],
      port: 8888,
      memory_mb: 256,
      cpus: 0.1,
      health_path: '/',
      drain_seconds: 5,
      stop_signal: 'SIGTERM',
      stop_grace_seconds: 10,
    },
  ],
  kind: 'deploy',
  from: null,
  from_environment: null,
  current: true,
  created_at: '2026-11-21T03:36:12.000Z',
};

/** Which releases are wanted. */
export class ListReleasesDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

/** Whose number a release is shown by. */
export class ReleasePlaceDto {
  /** The app whose release is named by its number, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** The environment of that release, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

/** What is to be brought back. */
export class CreateRollbackDto extends WhenBusyDto {
  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /**
   * The release to go back to: its number, `v41`; a commit id, which may be shortened to 7 digits; or `previous`, what
   * served before the current one, past all that was rolled back from.
   */
  @Text({ max: 40, pattern: RELEASE_KEY, shape: RELEASE_KEY_SHAPE, example: 'v41' })
  to!: string;

  /** Why; it stands in the hold. */
  @Text({ ...REASON, optional: true })
  reason?: string;

  /** Whether automatic deploys are held back until DELETE /apps/:id/hold; they are where nothing is said. */
  @Flag({ optional: true, example: true })
  hold?: boolean;
}

/** What is to be brought from one environment to another. */
export class CreatePromotionDto extends AutomaticDto {
  /** The environment that has the release, by name or id. */
  @Reference('environment', { example: 'staging' })
  from!: string;

  /** The environment that is to have it, by name or id. */
  @Reference('environment', { example: 'production' })
  to!: string;

  /** The release: its number, `v41`, or a commit id, which may be shortened to 7 digits; the current one where nothing is said. */
  @Text({ max: 40, pattern: RELEASE_KEY, shape: RELEASE_KEY_SHAPE, optional: true, example: 'v41' })
  release?: string;
}
