import { createJockeyClient, type JockeyClient } from '../../typescript/src/client.js';
import { ok } from '../../typescript/src/problem.js';
import { ApiServer } from './api-server.js';
import type { Context, Place } from './context.js';
import { Fault, usage } from './errors.js';
import { EXIT } from './exit-codes.js';
import type { Given } from './given.js';
import type { Output } from './output.js';
import type { ServerVersion } from './server-version.js';
import { type ProjectFile, readProjectFile } from './settings/project-file.js';
import type { Settings } from './settings/settings.js';
import type { World } from './world.js';

/** What a context is made of. */
export interface Made {
  readonly world: World;
  readonly output: Output;
  readonly settings: Settings;
  readonly version: ServerVersion;
  readonly given: Given;
}

const NO_URL = 'Set jockey_url in ~/.jockeyrc, or JOCKEY_URL: `jockey login --url https://jockey.example.com` does it.';
const NO_TOKEN = 'Run `jockey login`, or set JOCKEY_OAUTH_TOKEN.';

/** What a verb works with; nothing is read or asked before it is wanted. */
export class ProgramContext implements Context {
  readonly world: World;
  readonly output: Output;
  private project: Promise<ProjectFile> | undefined;
  private known: ApiServer | undefined;
  private typed: JockeyClient | undefined;
  private found: Promise<string> | undefined;

  constructor(private readonly made: Made) {
    this.world = made.world;
    this.output = made.output;
  }

  get server(): ApiServer {
    const { url, token } = this.made.settings;
    if (url === null) throw usage('Nothing says where Jockey is.', NO_URL);
    if (token === null) throw new Fault('Nothing says who you are.', EXIT.refused, NO_TOKEN, 'not_authenticated');
    return (this.known ??= new ApiServer(url, token, this.made.version));
  }

  get client(): JockeyClient {
    const { server } = this;
    return (this.typed ??= createJockeyClient({ url: server.url, token: server.token, fetch: server.fetch }));
  }

  app(): Promise<string> {
    return (this.found ??= this.findApp());
  }

  async environment(): Promise<string> {
    return this.made.given.text('environment') ?? (await this.projectFile()).environment ?? 'production';
  }

  async place(): Promise<Place> {
    return { app: await this.app(), environment: await this.environment() };
  }

  async saidPlace(): Promise<Partial<Place>> {
    const { given } = this.made;
    const { app = given.text('app'), environment = given.text('environment') } = given.flag('all')
      ? {}
      : await this.projectFile();
    const said = { app: given.text('app') ?? app, environment: given.text('environment') ?? environment };
    return { ...(said.app && { app: said.app }), ...(said.environment && { environment: said.environment }) };
  }

  async head(): Promise<string> {
    return (await import('./settings/checkout.js')).headOf(this.world);
  }

  async projectDefault(name: 'worker'): Promise<string | undefined> {
    return (await this.projectFile())[name];
  }

  private async findApp(): Promise<string> {
    const said = this.made.given.text('app') ?? (await this.projectFile()).app;
    if (said !== undefined) return said.includes('/') ? this.appOf(said) : said;
    const repository = await (await import('./settings/checkout.js')).repositoryOf(this.world);
    if (repository === null)
      throw usage(
        'Nothing says which app is meant.',
        'Say it by --app, by `app:` in .jockey.yml, or stand in its checkout.',
      );
    return this.appOf(repository);
  }

  /** The app that is built from the repository; where none is, the one of its name, as the original had it. */
  private async appOf(repository: string): Promise<string> {
    const { data } = await ok(this.client.GET('/apps', { params: { query: { repo: repository, per_page: 100 } } }));
    const [first, ...others] = data.map(({ name }) => name).sort();
    if (first === undefined) return repository.split('/')[1] ?? repository;
    if (others.length === 0) return first;
    const names = [first, ...others].join(', ');
    throw usage(`${repository} has more than one app: ${names}.`, 'Say which by --app, or by `app:` in .jockey.yml.');
  }

  private projectFile(): Promise<ProjectFile> {
    return (this.project ??= readProjectFile(this.world));
  }
}
