import { deployLifecycle } from '../../domain/deploy/deploy-lifecycle.js';
import { CallbackUrl } from '../../http/input/callback-url.js';
import { Flag, OneOf, Reference, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { BUILD_EXAMPLE } from '../builds/build.dto.js';

/** What becomes of a deploy while another of the same app and environment is in progress. */
export class WhenBusyDto {
  /** Whether to take the place of the deploy that is in progress, which then fails as `superseded`. */
  @Flag({ optional: true, example: false })
  force?: boolean;

  /** Whether to wait for the deploy that is in progress; those that wait already give way, or not, as the app's `deploy_queue` says. */
  @Flag({ optional: true, example: false })
  queue?: boolean;

  /** Where the deploy is sent when it settles. */
  @CallbackUrl()
  callback_url?: string | null;
}

/** The same, for what need not be asked for by hand. */
export class AutomaticDto extends WhenBusyDto {
  /** Whether nobody asks by hand: then a hold refuses it. */
  @Flag({ optional: true, example: false })
  automatic?: boolean;
}

/** What a deploy is asked for with. */
export class CreateDeployDto extends AutomaticDto {
  /** The app, by name or id. */
  @Reference('app')
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment')
  environment!: string;

  /** What to deploy: a commit id, which may be shortened, a branch or a tag. */
  @Text({ max: 255, shape: 'a commit, a branch or a tag', example: BUILD_EXAMPLE.rref })
  rref!: string;
}

/** Which deploys are wanted. */
export class ListDeploysDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true })
  app?: string;

  /** Only those to this environment, by name or id. */
  @Reference('environment', { optional: true })
  environment?: string;

  /** Only those in this state. */
  @OneOf(deployLifecycle.states, { optional: true, example: 'deployed' })
  state?: string;
}
