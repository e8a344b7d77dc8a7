import { type DynamicModule, Global, Module } from '@nestjs/common';
import { GithubHooks } from '../../store/repositories/github-hooks.js';
import { WebhookDeliveries } from '../../store/repositories/webhook-deliveries.js';
import { DeploysModule } from '../deploys/deploys.module.js';
import { GithubWebhooksController } from './github-webhooks.controller.js';
import { GithubWebhooksService } from './github-webhooks.service.js';
import { HookController } from './hook.controller.js';
import { HOOK_SETTINGS, HookInstaller, type HookSettings } from './hook-installer.js';
import { HookService } from './hook.service.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesService } from './webhook-deliveries.service.js';
import { WebhookEffects } from './webhook-effects.js';
import { WebhookGate } from './webhook-gate.js';

/** GitHub's deliveries and the hooks that send them. Apps install theirs when they are made: hence global. */
@Global()
@Module({})
export class GithubWebhooksModule {
  /** The feature with what is configured of GitHub. */
  static forRoot(settings: HookSettings): DynamicModule {
    return {
      module: GithubWebhooksModule,
      imports: [DeploysModule],
      controllers: [GithubWebhooksController, HookController, WebhookDeliveriesController],
      providers: [
        { provide: HOOK_SETTINGS, useValue: settings },
        ...[GithubHooks, GithubWebhooksService, HookInstaller, HookService],
        ...[WebhookDeliveries, WebhookDeliveriesService, WebhookEffects, WebhookGate],
      ],
      exports: [HookInstaller],
    };
  }
}
