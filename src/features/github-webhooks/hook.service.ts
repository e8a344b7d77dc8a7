import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AppRow, GithubHookRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import { GithubHooks } from '../../store/repositories/github-hooks.js';
import { appsOf } from '../../store/repositories/views.js';
import { WebhookDeliveries } from '../../store/repositories/webhook-deliveries.js';
import { HOOK_EVENTS, HookInstaller } from './hook-installer.js';
import type { WebhookDto } from './hook.dto.js';
import { viewOf } from './webhook-delivery-view.js';
import type { WebhookDeliveryDto } from './webhook-delivery.dto.js';

/** Hooks as the API shows and makes them. */
@Injectable()
export class HookService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly hooks: GithubHooks,
    private readonly deliveries: WebhookDeliveries,
    private readonly installer: HookInstaller,
  ) {}

  async get(key: string): Promise<WebhookDto> {
    const app = await this.directory.app(key);
    return this.view(app, await this.hooks.of(app.id));
  }

  /** Installs it; where that was not asked for, or is not possible, a new secret is shown instead. */
  async create(key: string, install: boolean): Promise<WebhookDto> {
    const app = await this.directory.app(key);
    if (install && this.installer.whyNot(app) === null) {
      await this.installer.install(app);
      return this.view(app, await this.hooks.of(app.id));
    }
    const secret = await this.hooks.renew(app.id);
    return { ...(await this.view(app, await this.hooks.of(app.id))), secret };
  }

  private async view(app: AppRow, hook: GithubHookRow | null): Promise<WebhookDto> {
    const installed = hook?.installedAt != null && hook.pendingSecret === null && hook.repo === app.repo;
    return {
      ...{ app: app.name, repo: app.repo, url: this.installer.urlOf(app.id) },
      ...{ content_type: 'application/json', events: [...HOOK_EVENTS] },
      has_secret: hook?.secret != null || hook?.pendingSecret != null,
      installed,
      hook_id: hook?.hookId ?? null,
      installed_at: hook?.installedAt?.toISOString() ?? null,
      why_not: installed ? null : (hook?.failure ?? movedFrom(app, hook) ?? this.installer.whyNot(app)),
      last_delivery: await this.lastDelivery(app.id),
    };
  }

  private async lastDelivery(appId: string): Promise<WebhookDeliveryDto | null> {
    const last = await this.deliveries.lastOf(appId);
    return last === null ? null : viewOf(last, await appsOf(this.dataSource.manager, [appId]));
  }
}

const movedFrom = (app: AppRow, hook: GithubHookRow | null): string | null =>
  hook?.repo == null || hook.repo === app.repo
    ? null
    : `It was installed in ${hook.repo}; POST /apps/${app.name}/webhook installs it in ${app.repo}.`;
