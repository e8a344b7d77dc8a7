import type { AppRow } from '../../store/entities/index.js';
import type { Names } from '../../store/repositories/names.js';
import type { AppDto } from './app.dto.js';
import { buildViewOf } from './build-settings.js';

/** An app as it stands on the wire; `stacks` holds the name of its stack. */
export function viewOf(app: AppRow, stacks: Names): AppDto {
  return {
    id: app.id,
    name: app.name,
    repo: app.repo,
    subscribe_to_github_webhook: app.subscribeToGithubWebhook,
    report_to_github: app.reportToGithub,
    stack: stacks.get(app.stackId) ?? '',
    git_url: app.gitUrl,
    release_command: app.releaseCommand,
    release_timeout_seconds: app.releaseTimeoutSeconds,
    deploy_queue: app.deployQueue,
    ...buildViewOf(app),
    created_at: app.createdAt.toISOString(),
    updated_at: app.updatedAt.toISOString(),
  };
}
