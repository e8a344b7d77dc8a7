import { SHA } from '../../domain/kernel/names.js';
import { buildLifecycle } from '../../domain/build/build-lifecycle.js';
import { OneOf, Reference, Text } from '../../http/input/fields.js';
import { CallbackUrl } from '../../http/input/callback-url.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { PROVENANCE_EXAMPLE, ProvenanceDto } from './provenance.dto.js';

/** A process that an image can run. */
export class ProcessTypeDto {
  /** `web`, `worker`, … */
  name!: string;

  /** The command as it was declared. */
  command!: string;
}

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

  /** The branch that the ref was; null for a tag and for a commit. */
  branch!: string | null;

  /** `in_progress`, `completed` or `failed`. */
  state!: string;

  /** Where it has come to: `queued`, `preparing`, `building`, `pushing` or `settled`. */
  phase!: string;

  /** How it ended: `succeeded`, `failed`, `canceled`, `superseded`, `timed_out` or `host_lost`; null before. */
  outcome!: string | null;

  /** The image by digest, once it is in the registry. */
  image!: string | null;

  /** Why it failed, in one sentence. */
  failure_reason!: string | null;

  /** How the image is made: of a Dockerfile (`dockerfile`), by the classic builder image (`buildstep`), or by Cloud Native Buildpacks (`cnb`); null before that is decided. */
  method!: string | null;

  /** Why so, in one sentence. */
  method_reason!: string | null;

  /** The processes that the image can run, where its method tells. */
  process_types!: ProcessTypeDto[];

  /** Where the image comes from; null before it is in the registry. */
  provenance!: ProvenanceDto | null;

  /** Who asked for it first, as the audit names them; null where nobody did. */
  requested_by!: string | null;

  /** Why it was canceled, in the words of who did it; null where nobody did, or gave a reason. */
  cancel_reason!: string | null;

  /** Where the build is sent when it settles. */
  callback_url!: string | null;

  /** The host that builds or built it. */
  container_host!: string | null;

  /** The container that built it, where there was one. */
  container_id!: string | null;

  /** How often an engine began it: one that was killed leaves it to the next. */
  attempts!: number;

  /** How often the host was lost under it. */
  host_losses!: number;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When it left the queue for the first time: ISO 8601, UTC. */
  started_at!: string | null;

  /** When it settled: ISO 8601, UTC. */
  completed_at!: string | null;

  /** When the clean-up removed its log: ISO 8601, UTC; null while it is there. */
  log_removed_at!: string | null;

  /** When the clean-up removed its image: ISO 8601, UTC. The commit may then be built again. */
  image_removed_at!: string | null;
}

/** A build as an answer shows it. */
export const BUILD_EXAMPLE: BuildDto = {
  id: '12',
  app: APP_EXAMPLE,
  ref: 'main',
  rref: '678d49f786ba777441ee9106c1be390048c539ac',
  branch: 'main',
  state: 'completed',
  phase: 'settled',
  outcome: 'succeeded',
  image: 'registry.example.com:5000/sample@sha256:228c037cb8da3d47a3fa9a96fb9fac7ed7465a5082db61666493514cf58b663c',
  failure_reason: null,
  method: 'dockerfile',
  method_reason: 'the commit has the file Dockerfile',
  process_types: [],
  provenance: PROVENANCE_EXAMPLE,
  requested_by: 'octocat',
  cancel_reason: null,
  callback_url: null,
  container_host: 'h3',
  container_id: null,
  attempts: 1,
  host_losses: 0,
  created_at: '2026-11-21T03:36:00.000Z',
  started_at: '2026-11-21T03:36:01.000Z',
  completed_at: '2026-11-21T03:36:08.000Z',
  log_removed_at: null,
  image_removed_at: null,
};

/** One that waits, as the answer to who asked for it. */
export const WAITING_BUILD_EXAMPLE: BuildDto = {
  ...BUILD_EXAMPLE,
  ...{ state: 'in_progress', phase: 'queued', outcome: null, image: null, container_host: null, attempts: 0 },
  ...{ method: null, method_reason: null, provenance: null, started_at: null, completed_at: null },
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
