import { SHA } from '../../domain/kernel/names.js';
import { buildLifecycle } from '../../domain/build/build-lifecycle.js';
import { OneOf, Reference, Text } from '../../http/input/fields.js';
import { CallbackUrl } from '../../http/input/callback-url.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';

/** A build: the image of one commit. */
export class BuildDto {
  /** Its id. */
  id!: string;

  /** The app that it is of. */
  app!: AppDto;

  /** What was asked for: a branch, a tag or a commit. */
  ref!: string;

  /** The full commit id that it was resolved to: 40 hexadecimal digits. */
  rref!: string;

  /** `in_progress`, `completed` or `failed`. */
  state!: string;

  /** The image by digest, once it is in the registry. */
  image!: string | null;

  /** Why it failed, in one sentence. */
  failure_reason!: string | null;

  /** Where the build is sent when it settles. */
  callback_url!: string | null;

  /** The host that builds or built it. */
  container_host!: string | null;

  /** The container that built it, where there was one. */
  container_id!: string | null;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When it settled: ISO 8601, UTC. */
  completed_at!: string | null;
}

/** A build as an answer shows it. */
export const BUILD_EXAMPLE: BuildDto = {
  id: '12',
  app: APP_EXAMPLE,
  ref: 'main',
  rref: '678d49f786ba777441ee9106c1be390048c539ac',
  state: 'completed',
  image: 'registry.example.com:5000/sample@sha256:228c037cb8da3d47a3fa9a96fb9fac7ed7465a5082db61666493514cf58b663c',
  failure_reason: null,
  callback_url: null,
  container_host: 'h3',
  container_id: null,
  created_at: '2026-11-21T03:36:00.000Z',
  completed_at: '2026-11-21T03:36:08.000Z',
};

/** What a build is asked for with. */
export class CreateBuildDto {
  /** The app, by name or id. */
  @Reference('app')
  app!: string;

  /** A branch, a tag or a commit id, which may be shortened. */
  @Text({ max: 255, shape: 'a branch, a tag or a commit', example: 'main' })
  ref!: string;

  /** Where the build is sent when it settles. */
  @CallbackUrl()
  callback_url?: string | null;
}

/** Which builds are wanted. */
export class ListBuildsDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true })
  app?: string;

  /** Only those in this state. */
  @OneOf(buildLifecycle.states, { optional: true, example: 'completed' })
  state?: string;

  /** Only those of this commit. */
  @Text({
    max: 40,
    pattern: SHA,
    shape: 'a full commit id of 40 hexadecimal digits',
    optional: true,
    example: BUILD_EXAMPLE.rref,
  })
  rref?: string;
}
