import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { REPO_HOST, type RepoHost } from '../../ports/repo-host.js';
import type { AppRow } from '../../store/entities/index.js';
import { SecretBox } from '../../store/secret-box.js';
import { Directory } from '../../store/repositories/directory.js';
import { GithubHooks } from '../../store/repositories/github-hooks.js';

/** Where Jockey is reached, and whether it may speak to GitHub. */
export interface HookSettings {
  /** `JOCKEY_URL`; null where it is not set. */
  readonly jockeyUrl: string | null;
  /** Whether `GITHUB_OAUTH_TOKEN` is set. */
  readonly hasToken: boolean;
}

/** Injection token of {@link HookSettings}. */
export const HOOK_SETTINGS = Symbol('HookSettings');

/** What the hook sends: https://docs.github.com/en/webhooks/webhook-events-and-payloads. */
export const HOOK_EVENTS: readonly string[] = ['push'];

/** How often hooks that could not be installed are looked at, in milliseconds. */
const RETRY_EVERY = 30_000;

/** Installs hooks on GitHub, and tries again where GitHub did not answer. */
@Injectable()
export class HookInstaller implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(HookInstaller.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly directory: Directory,
    private readonly hooks: GithubHooks,
    private readonly box: SecretBox,
    @Inject(REPO_HOST) private readonly host: RepoHost,
    @Inject(HOOK_SETTINGS) private readonly settings: HookSettings,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.retry(), RETRY_EVERY).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Where GitHub sends deliveries to an app; null while Jockey does not know where it is reached. */
  urlOf(appId: string): string | null {
    const { jockeyUrl } = this.settings;
    return jockeyUrl === null ? null : `${jockeyUrl.replace(/\/+$/, '')}/github_webhooks/${appId}`;
  }

  /** Why Jockey cannot install a hook for an app, and the way out; null where it can. */
  whyNot({ gitUrl, name }: AppRow): string | null {
    const { jockeyUrl, hasToken } = this.settings;
    if (!this.box.ready) return 'No secret can be kept: set SECRETS_KEY or SECRETS_KEY_FILE.';
    if (jockeyUrl === null) return 'Jockey does not know where GitHub reaches it: set JOCKEY_URL.';
    if (!hasToken) return 'Jockey has no token for GitHub: set GITHUB_OAUTH_TOKEN.';
    return gitUrl === null ? null : `${name} is built from its git_url, and its hook has to be installed by hand.`;
  }

  /** Installs the hook with a new secret, or throws why GitHub did not; where that may pass, it is tried again later. */
  async install(app: AppRow): Promise<void> {
    const url = this.urlOf(app.id);
    if (url === null) return;
    const secret = await this.hooks.prepare(app.id);
    try {
      const { id } = await this.host.installHook(app.repo, { url, secret, events: HOOK_EVENTS });
      await this.hooks.installed({ appId: app.id, hookId: id, repo: app.repo });
    } catch (error) {
      const forGood = error instanceof DomainError && error.code !== 'unavailable';
      await this.hooks.failed(app.id, sentenceOf(error), !forGood);
      throw error;
    }
  }

  /** Installs the hook where it can; what stands in the way is kept with the hook, and stops nothing. */
  async tryToInstall(app: AppRow): Promise<void> {
    if (this.whyNot(app) !== null) return;
    try {
      await this.install(app);
    } catch (error) {
      this.logger.warn(`The hook of ${app.name} is not installed in ${app.repo}: ${sentenceOf(error)}`);
    }
  }

  /** Tries those again whose time has come. */
  async retry(): Promise<void> {
    try {
      for (const appId of await this.hooks.due()) await this.tryToInstall(await this.directory.app(appId));
    } catch (error) {
      this.logger.warn(`Hooks are tried again later: ${sentenceOf(error)}`);
    }
  }
}
