import { Reference, Text } from '../../http/input/fields.js';
import { BUILD_EXAMPLE, ProcessTypeDto } from './build.dto.js';

/** Which build is to be previewed. */
export class PreviewBuildDto {
  /** The app, by name or id. */
  @Reference('app')
  app!: string;

  /** A branch, a tag or a commit id, which may be shortened. */
  @Text({ max: 255, shape: 'a branch, a tag or a commit', example: 'main' })
  ref!: string;
}

/** The build of a commit that is there already. */
export class StandingBuildDto {
  /** Its id: `GET /builds/:id`. */
  id!: string;

  /** `in_progress` or `completed`. */
  state!: string;

  /** The image by digest, once it is in the registry. */
  image!: string | null;
}

/** Where a build would go in the queue, as it is now. */
export class PreviewedTurnDto {
  /** How many builds that wait would have their turn before it. */
  position!: number;

  /** The host that would build it; null where it would have to wait, or none can. */
  host!: string | null;

  /** Why it would wait, or why no host can build it; null where it would begin at once. */
  why!: string | null;
}

/** What a build would do, and why. */
export class BuildPreviewDto {
  /** The full commit id that the ref means now. */
  rref!: string;

  /** The branch that the ref is; null for a tag and for a commit. */
  branch!: string | null;

  /** How the image would be made: `dockerfile`, `buildstep` or `cnb`; null where nothing fits. */
  method!: string | null;

  /** Why so; where nothing fits, what was tried, and the way out. The build would fail with it. */
  reason!: string;

  /** Path of the Dockerfile, from the top of the repository; null with buildpacks. */
  dockerfile!: string | null;

  /** The folder of the repository that would be built; `.` for all of it. */
  build_context!: string;

  /** The stage of the Dockerfile; null for the last. */
  build_target!: string | null;

  /** The builder image; null with a Dockerfile. */
  builder_image!: string | null;

  /** The processes that the Procfile names; null where there is none: then only the build tells. */
  process_types!: ProcessTypeDto[] | null;

  /** Minutes that it may take. */
  timeout_minutes!: number;

  /** The build that would be answered instead of a new one; null for none. */
  build!: StandingBuildDto | null;

  /** Where a new build would go in the queue; null where none would be made. */
  queue!: PreviewedTurnDto | null;
}

/** A preview as an answer shows it. */
export const BUILD_PREVIEW_EXAMPLE: BuildPreviewDto = {
  rref: BUILD_EXAMPLE.rref,
  branch: 'main',
  method: 'dockerfile',
  reason: 'the commit has the file Dockerfile',
  dockerfile: 'Dockerfile',
  build_context: '.',
  build_target: null,
  builder_image: null,
  process_types: [{ name: 'web', command: 'bundle exec puma' }],
  timeout_minutes: 60,
  build: null,
  queue: { position: 0, host: 'h3', why: null },
};
