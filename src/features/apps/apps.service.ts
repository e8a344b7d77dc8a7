import { Inject, Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { AppRow, StackRow } from '../../store/entities/index.js';
import { type Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { type AppDeploySettings, Apps, type NewApp } from '../../store/repositories/apps.js';
import { Directory } from '../../store/repositories/directory.js';
import { type Names, namesOf } from '../../store/repositories/names.js';
import { HookInstaller } from '../github-webhooks/hook-installer.js';
import { viewOf } from './app-view.js';
import { buildSettingsOf } from './build-settings.js';
import type { AppDto, CreateAppDto, ListAppsDto, UpdateAppDto } from './app.dto.js';

/** Where an app runs when nothing is said, as the original did. */
const DEFAULT_STACK = 'api';

/** Apps as the API shows and changes them. */
@Injectable()
export class AppsService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly apps: Apps,
    private readonly hooks: HookInstaller,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  async list(query: ListAppsDto): Promise<Page<AppDto>> {
    const select = this.dataSource
      .getRepository(AppRow)
      .createQueryBuilder('app')
      .where({
        deletedAt: IsNull(),
        ...(query.name === undefined ? {} : { name: query.name }),
        ...(query.repo === undefined ? {} : { repo: query.repo }),
      });
    const page = await readPage(withinSight(select, { app: 'app.id' }), query);
    const stacks = await this.stacksOf(page.items);
    return page.map((app) => viewOf(app, stacks));
  }

  async get(nameOrId: string): Promise<Tagged<AppDto>> {
    return this.tagged(await this.directory.app(nameOrId));
  }

  async create(body: CreateAppDto): Promise<Tagged<AppDto>> {
    const stack = await this.directory.stack(body.stack ?? DEFAULT_STACK);
    const app = await this.apps.create({
      name: body.name,
      repo: body.repo,
      stackId: stack.id,
      gitUrl: body.git_url ?? null,
      subscribeToGithubWebhook: body.subscribe_to_github_webhook ?? false,
      reportToGithub: body.report_to_github ?? body.subscribe_to_github_webhook ?? false,
      ...deploySettingsOf(body),
      ...buildSettingsOf(body),
    });
    if (app.subscribeToGithubWebhook) await this.hooks.tryToInstall(app);
    return this.tagged(app);
  }

  async update(nameOrId: string, body: UpdateAppDto, precondition: Precondition): Promise<Tagged<AppDto>> {
    const { id } = await this.directory.app(nameOrId);
    const fields = await this.fieldsOf(body);
    const app = await this.apps.change({ id, fields, require: (version) => precondition.require(version) });
    return this.tagged(app);
  }

  /** The engine stops what still runs: it is told of every environment where something does. */
  async delete(nameOrId: string, precondition: Precondition): Promise<AppDto> {
    const { id } = await this.directory.app(nameOrId);
    const deleted = await this.apps.delete({ id, require: (version) => precondition.require(version) });
    for (const environmentId of deleted.environmentIds)
      await this.queue.send({ kind: 'app_environment', appId: id, environmentId });
    return viewOf(deleted.app, await this.stacksOf([deleted.app]));
  }

  private async fieldsOf(body: UpdateAppDto): Promise<Partial<NewApp>> {
    const {
      name,
      repo,
      stack,
      git_url: gitUrl,
      subscribe_to_github_webhook: subscribe,
      report_to_github: report,
    } = body;
    return {
      ...(name === undefined ? {} : { name }),
      ...(repo === undefined ? {} : { repo }),
      ...(gitUrl === undefined ? {} : { gitUrl }),
      ...(subscribe === undefined ? {} : { subscribeToGithubWebhook: subscribe }),
      ...(report === undefined ? {} : { reportToGithub: report }),
      ...(stack === undefined ? {} : { stackId: (await this.directory.stack(stack)).id }),
      ...deploySettingsOf(body),
      ...buildSettingsOf(body),
    };
  }

  private async tagged(app: AppRow): Promise<Tagged<AppDto>> {
    return new Tagged(viewOf(app, await this.stacksOf([app])), app.version);
  }

  private stacksOf(apps: readonly AppRow[]): Promise<Names> {
    return namesOf(
      this.dataSource.manager,
      StackRow,
      apps.map(({ stackId }) => stackId),
    );
  }
}

function deploySettingsOf(body: CreateAppDto | UpdateAppDto): AppDeploySettings {
  const { release_command: releaseCommand, release_timeout_seconds: seconds, deploy_queue: deployQueue } = body;
  return {
    ...(releaseCommand === undefined ? {} : { releaseCommand }),
    ...(seconds === undefined ? {} : { releaseTimeoutSeconds: seconds }),
    ...(deployQueue === undefined ? {} : { deployQueue }),
  };
}
