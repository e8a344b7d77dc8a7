import { BUILD_TARGET, buildArgsFault } from '../../domain/build/build-setting-faults.js';
import {
  BUILD_METHOD_CHOICES,
  BUILD_QUEUE_MODES,
  type BuildMethodChoice,
  type BuildQueueMode,
} from '../../domain/build/build-settings.js';
import { builderImageFault } from '../../domain/build/builder-image-fault.js';
import { LONGEST_PATH, repoPathFault } from '../../domain/build/repo-path.js';
import { Field, OneOf, show, Text, WholeNumber } from '../../http/input/fields.js';

/** Longest time limit of a build that an app may set: a day, in minutes. */
const LONGEST_MINUTES = 1440;

const PATH_SCHEMA = { type: 'string' as const, maxLength: LONGEST_PATH };

const textRule =
  (rule: (text: string) => string | null, what: string) =>
  (value: unknown): string | null =>
    typeof value === 'string' ? rule(value) : `is ${show(value)}, but should be ${what}.`;

const pathFault = textRule(repoPathFault, 'a path from the top of the repository, as text');

const dockerfileFault = textRule(
  (path) => (path === '.' ? 'is a folder, but should be the path of a Dockerfile.' : repoPathFault(path)),
  'the path of a Dockerfile, as text',
);

const imageFault = textRule(builderImageFault, 'the name of an image, or null for none');

const TARGET = {
  max: 128,
  pattern: BUILD_TARGET,
  shape: 'a stage of the Dockerfile: its name (letters, digits, _, - and .) or its number',
  optional: true,
  nullable: true,
  example: 'production',
};

const ARGS = {
  optional: true,
  example: { RUBY_VERSION: '3.3' },
  schema: { type: 'object' as const, additionalProperties: { type: 'string' } },
};

const IMAGE = {
  optional: true,
  nullable: true,
  example: 'registry.example.com/builder:1',
  schema: { type: 'string' as const, maxLength: 400 },
};

const MINUTES = { min: 1, max: LONGEST_MINUTES, unit: 'minutes', optional: true, nullable: true, example: 30 };

/** How the images of an app are made, as it stands on the wire. */
export class AppBuildDto {
  /** How its images are made: `dockerfile`, `buildstep`, `cnb`, or `auto`, by what the commit has. */
  build_method!: string;

  /** Path of its Dockerfile, from the top of the repository. */
  dockerfile!: string;

  /** The folder of the repository that is built; `.` for all of it. */
  build_context!: string;

  /** The stage of the Dockerfile that is built; null for the last. */
  build_target!: string | null;

  /** Build arguments of the Dockerfile. They are no secrets: an image shows them. */
  build_args!: Record<string, string>;

  /** The builder image that takes the place of the operator's; null for his. */
  builder_image!: string | null;

  /** What becomes of waiting builds when a newer commit of their branch is asked for: `all` are built, or `latest_wins`. */
  build_queue!: string;

  /** Minutes that a build may take; null for as long as the operator allows. */
  build_timeout_minutes!: number | null;
}

/** The settings of a new app's builds, as an answer shows them. */
export const APP_BUILD_EXAMPLE: AppBuildDto = {
  build_method: 'auto',
  dockerfile: 'Dockerfile',
  build_context: '.',
  build_target: null,
  build_args: {},
  builder_image: null,
  build_queue: 'all',
  build_timeout_minutes: null,
};

/** How the images of an app are to be made; what is left out keeps its value, or begins with that of {@link APP_BUILD_EXAMPLE}. They count for builds that begin later. */
export class BuildSettingsDto {
  /** How its images are made: of a Dockerfile, by the classic builder image (Buildstep), by Cloud Native Buildpacks, or by what the commit has. */
  @OneOf(BUILD_METHOD_CHOICES, { optional: true, example: 'auto' })
  build_method?: BuildMethodChoice;

  /** Path of its Dockerfile, from the top of the repository; it may lie outside of `build_context`. */
  @Field('text', dockerfileFault, { optional: true, example: 'Dockerfile', schema: PATH_SCHEMA })
  dockerfile?: string;

  /** The folder of the repository that is built; `.` for all of it. */
  @Field('text', pathFault, { optional: true, example: '.', schema: PATH_SCHEMA })
  build_context?: string;

  /** The stage of the Dockerfile that is built; null for the last. */
  @Text(TARGET)
  build_target?: string | null;

  /** All build arguments of the Dockerfile; they take the place of those that were there. They are no secrets: an image shows them. What is secret belongs to PUT /apps/:id/build_secrets. */
  @Field('map', buildArgsFault, ARGS)
  build_args?: Record<string, string>;

  /** The builder image that takes the place of the operator's, with `build_method` buildstep or cnb; null for his. */
  @Field('text', imageFault, IMAGE)
  builder_image?: string | null;

  /** What becomes of waiting builds when a newer commit of their branch is asked for: all are built, or only the newest. */
  @OneOf(BUILD_QUEUE_MODES, { optional: true, example: 'all' })
  build_queue?: BuildQueueMode;

  /** How long a build may take, no longer than the operator allows; null for as long as that. */
  @WholeNumber(MINUTES)
  build_timeout_minutes?: number | null;
}
