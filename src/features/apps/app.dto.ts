import { checkGitUrl } from '../../domain/app/check-git-url.js';
import { QUEUE_MODES, type QueueMode } from '../../domain/deploy/deploy-lifecycle.js';
import { LABEL, LONGEST, REPO } from '../../domain/kernel/names.js';
import { commandFault } from '../../domain/worker/command-fault.js';
import { Field, Flag, OneOf, Reference, show, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_BUILD_EXAMPLE, AppBuildDto, BuildSettingsDto } from './build-settings.dto.js';

const NAME = {
  max: LONGEST.app,
  pattern: LABEL,
  shape: 'a DNS label (small letters, digits and -, beginning with a letter)',
  example: 'sample',
};

const REPOSITORY = { min: 3, max: 140, pattern: REPO, shape: 'owner/name, as on GitHub', example: 'jockey/sample' };

const GIT_URL = {
  optional: true,
  nullable: true,
  example: 'https://git.example.com/jockey/sample.git',
  schema: { type: 'string' as const, maxLength: 500 },
};

const RELEASE_COMMAND = {
  optional: true,
  empty: true,
  example: 'bin/rails db:migrate',
  schema: { type: 'string' as const, maxLength: 4096 },
};

const RELEASE_TIMEOUT = { min: 1, max: 86_400, unit: 'seconds', optional: true, example: 600 };

const DEPLOY_QUEUE = { optional: true, example: 'latest_wins' };

const releaseCommandFault = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 4096
    ? commandFault(value)
    : `is ${show(value)}, but should be a command of at most 4096 characters; empty for none.`;

const gitUrlFault = (value: unknown): string | null =>
  typeof value === 'string' ? checkGitUrl(value) : `is ${show(value)}, but should be a Git URL, or null for none.`;

/** An app: a repository that is deployed. */
export class AppDto extends AppBuildDto {
  /** Its id. */
  id!: string;

  /** Its name, which serves wherever its id does. */
  name!: string;

  /** Its repository on GitHub, `owner/name`. */
  repo!: string;

  /** Whether pushes to the repository are heard of. */
  subscribe_to_github_webhook!: boolean;

  /** Whether GitHub is told of its builds and deploys. */
  report_to_github!: boolean;

  /** Name of the stack on whose hosts it runs. */
  stack!: string;

  /** The Git URL that takes the place of the repository on GitHub; null for none. */
  git_url!: string | null;

  /** Run once in the new image before anything of a deploy is moved; empty for none. */
  release_command!: string;

  /** Seconds that the release command may take. */
  release_timeout_seconds!: number;

  /** What becomes of deploys that wait: `latest_wins`, only the newest is run, or `all_in_order`. */
  deploy_queue!: string;

  /** When it was created: ISO 8601, UTC. */
  created_at!: string;

  /** When it was changed last: ISO 8601, UTC. */
  updated_at!: string;
}

/** An app as an answer shows it. */
export const APP_EXAMPLE: AppDto = {
  id: '7',
  name: 'sample',
  repo: 'jockey/sample',
  subscribe_to_github_webhook: false,
  report_to_github: false,
  stack: 'api',
  git_url: null,
  release_command: '',
  release_timeout_seconds: 600,
  deploy_queue: 'latest_wins',
  ...APP_BUILD_EXAMPLE,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:00.000Z',
};

/** What a new app is made of. */
export class CreateAppDto extends BuildSettingsDto {
  /** A DNS label; containers and Consul services are named by it. */
  @Text(NAME)
  name!: string;

  /** Its repository, `owner/name`. */
  @Text(REPOSITORY)
  repo!: string;

  /** The stack on whose hosts it runs, by name or id; `api` where nothing is said. */
  @Reference('stack', { optional: true, example: 'api' })
  stack?: string;

  /** Whether pushes to the repository are to be heard of; then Jockey installs the hook on GitHub, where it can. GET /apps/:id/webhook says whether it did. */
  @Flag({ optional: true, example: false })
  subscribe_to_github_webhook?: boolean;

  /** Whether GitHub is told of its builds and deploys: commit statuses, deployments, and a tag for each environment. As `subscribe_to_github_webhook` where nothing is said. */
  @Flag({ optional: true, example: false })
  report_to_github?: boolean;

  /** A Git URL (http, https, ssh or git) that takes the place of the repository on GitHub. */
  @Field('text', gitUrlFault, GIT_URL)
  git_url?: string | null;

  /** The program and its arguments, in words as a shell reads them, that are run once in the new image before anything of a deploy is moved; no shell runs it. Its failure ends the deploy. Empty for none. */
  @Field('text', releaseCommandFault, RELEASE_COMMAND)
  release_command?: string;

  /** How long the release command may take. */
  @WholeNumber(RELEASE_TIMEOUT)
  release_timeout_seconds?: number;

  /** What becomes of deploys that wait for the one in progress: only the newest is run, or all, one after the other. */
  @OneOf(QUEUE_MODES, DEPLOY_QUEUE)
  deploy_queue?: QueueMode;
}

/** What is to change of an app; what is left out stays. */
export class UpdateAppDto extends BuildSettingsDto {
  /** A new name; only while no container of it runs. */
  @Text({ ...NAME, optional: true })
  name?: string;

  /** Its repository, `owner/name`. */
  @Text({ ...REPOSITORY, optional: true })
  repo?: string;

  /** The stack on whose hosts its next containers run, by name or id. */
  @Reference('stack', { optional: true, example: 'api' })
  stack?: string;

  /** Whether pushes to the repository are to be heard of. */
  @Flag({ optional: true, example: false })
  subscribe_to_github_webhook?: boolean;

  /** Whether GitHub is told of its builds and deploys: commit statuses, deployments, and a tag for each environment. */
  @Flag({ optional: true, example: false })
  report_to_github?: boolean;

  /** A Git URL that takes the place of the repository on GitHub; null for none. */
  @Field('text', gitUrlFault, GIT_URL)
  git_url?: string | null;

  /** The program and its arguments, in words as a shell reads them, that are run once in the new image before anything of a deploy is moved; no shell runs it. Its failure ends the deploy. Empty for none. */
  @Field('text', releaseCommandFault, RELEASE_COMMAND)
  release_command?: string;

  /** How long the release command may take. */
  @WholeNumber(RELEASE_TIMEOUT)
  release_timeout_seconds?: number;

  /** What becomes of deploys that wait for the one in progress: only the newest is run, or all, one after the other. */
  @OneOf(QUEUE_MODES, DEPLOY_QUEUE)
  deploy_queue?: QueueMode;
}

/** Which apps are wanted. */
export class ListAppsDto extends PageQueryDto {
  /** Only the one of this name. */
  @Text({ max: 63, optional: true, shape: 'the name of an app', example: 'sample' })
  name?: string;

  /** Only those of this repository, `owner/name`. */
  @Text({ max: 140, optional: true, shape: 'owner/name', example: 'jockey/sample' })
  repo?: string;
}

/** Where a node is looked for. */
export class AvailableNodeQueryDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;
}

/** A host that could take a container of an app. */
export class AvailableNodeDto {
  /** Name of the host: its node in Consul. */
  id!: string;

  /** Where it is reached. */
  address!: string;

  /** How many containers of Jockey it has now. */
  instances!: number;

  /** Memory that Jockey's containers reserve on it, in MiB. */
  reserved_memory_mb!: number;

  /** Processor cores that Jockey's containers reserve on it. */
  reserved_cpus!: number;
}

/** A host as an answer shows it. */
export const AVAILABLE_NODE_EXAMPLE: AvailableNodeDto = {
  id: 'host-1',
  address: '10.0.0.11',
  instances: 2,
  reserved_memory_mb: 512,
  reserved_cpus: 0.2,
};
