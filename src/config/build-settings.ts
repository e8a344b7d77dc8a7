import { Transform } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { OutboundSettings } from './outbound-settings.js';
import { toBoolean, toNumber } from './read-value.js';

const SIDE_BY_SIDE = { message: 'should be a whole number, 1 to 1000' };

const MINUTES = { message: 'should be a whole number of minutes, 1 to 1440' };

const RETRIES = { message: 'should be a whole number, 0 to 10' };

/** What the API takes as an app's builder image, less strictly: Docker has the last word. */
const IMAGE = /^(?!.*:\/\/)[a-z0-9]([\w.:/@-]*[A-Za-z0-9])?$/;

const AN_IMAGE = { message: 'should be the name of an image, such as registry.example.com/builder:1' };

/** How images are made, how many at once, and how long one may take. */
export class BuildSettings extends OutboundSettings {
  /** Builds that one build host works on side by side; others wait in the queue. */
  @Transform(toNumber)
  @IsInt(SIDE_BY_SIDE)
  @Min(1, SIDE_BY_SIDE)
  @Max(1000, SIDE_BY_SIDE)
  BUILDS_PER_HOST = 4;

  /** Builds that run side by side on all build hosts, however many engines there are. */
  @Transform(toNumber)
  @IsInt(SIDE_BY_SIDE)
  @Min(1, SIDE_BY_SIDE)
  @Max(1000, SIDE_BY_SIDE)
  BUILDS_AT_ONCE = 20;

  /** How long one build may run before it is ended, in minutes, where its app says nothing else. */
  @Transform(toNumber)
  @IsInt(MINUTES)
  @Min(1, MINUTES)
  @Max(1440, MINUTES)
  BUILD_TIMEOUT_MINUTES = 60;

  /** How often a build is begun again on another host when its host was lost under it. */
  @Transform(toNumber)
  @IsInt(RETRIES)
  @Min(0, RETRIES)
  @Max(10, RETRIES)
  BUILD_HOST_RETRIES = 2;

  /** Whether `GET /metrics` answers without a token. */
  @Transform(toBoolean)
  @IsBoolean({ message: 'should be true or false' })
  METRICS_PUBLIC = false;

  /** Whether the badges of apps are shown without a token, to everybody who reaches Jockey. */
  @Transform(toBoolean)
  @IsBoolean({ message: 'should be true or false' })
  BADGES_PUBLIC = false;

  /** The classic builder image (Buildstep) for commits without a Dockerfile; an app may name another. Without it only those that do are built so. */
  @IsOptional()
  @Matches(IMAGE, AN_IMAGE)
  BUILDSTEP_IMAGE?: string;

  /** The builder image of Cloud Native Buildpacks for commits without a Dockerfile; an app may name another. It goes before BUILDSTEP_IMAGE. */
  @IsOptional()
  @Matches(IMAGE, AN_IMAGE)
  CNB_BUILDER_IMAGE?: string;

  /** What images of Cloud Native Buildpacks stand on; the builder image says it where this does not. */
  @IsOptional()
  @Matches(IMAGE, AN_IMAGE)
  CNB_RUN_IMAGE?: string;
}
