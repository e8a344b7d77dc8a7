import { DataSource } from 'typeorm';
import type { Fate } from '../fakes/fake-world.js';
import { FakeWorld } from '../fakes/fake-world.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { ContainerSpec } from '../../src/ports/docker-hosts.js';
import { dataSourceOptions } from '../../src/store/data-source.js';
import {
  AppRow,
  BuildRow,
  DeployRow,
  EnvironmentRow,
  HostRow,
  InstanceRow,
  ReconcileRow,
  ReleaseRow,
  StackRow,
  WorkerRow,
} from '../../src/store/entities/index.js';
import type { AppEnvironmentKey } from '../../src/store/repositories/app-environments.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { type KillPoint, TestEngine } from './test-engine.js';

/** A scene that nobody is in. */
export interface FrozenScene {
  /** The same once more, to go on with; `stop` it at the end. */
  copy(): Promise<EngineScene>;
  drop(): Promise<void>;
}

/** Three hosts, a database, and an app whose worker `web` should run on them. */
export class EngineScene {
  key!: AppEnvironmentKey;
  private readonly engines: TestEngine[] = [];

  private constructor(
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
    readonly world: FakeWorld,
  ) {}

  /** Sets it up; `stop` it at the end. */
  static async set(scale = 2): Promise<EngineScene> {
    const scene = await EngineScene.on(await createTestDatabase(), new FakeWorld());
    for (const name of ['h1', 'h2', 'h3']) scene.world.addHost(name, { pools: ['api/production', 'build/production'] });
    await scene.putApp(scale);
    return scene;
  }

  private static async on(database: TestDatabase, world: FakeWorld): Promise<EngineScene> {
    const dataSource = await new DataSource({ ...dataSourceOptions(database.url), migrations: [] }).initialize();
    return new EngineScene(database, dataSource, world);
  }

  /** Lets everybody go, so that it stays as it is and can be copied; `drop` it at the end. */
  async freeze(): Promise<FrozenScene> {
    await this.leave();
    const { database, world, key } = this;
    const copy = async () => Object.assign(await EngineScene.on(await database.copy(), world.copy()), { key });
    return { copy, drop: () => database.drop() };
  }

  /** One more engine. */
  async engine(killPoint: KillPoint | null = null): Promise<TestEngine> {
    const engine = await TestEngine.start(this.database.url, this.world, killPoint);
    this.engines.push(engine);
    return engine;
  }

  /** Changes the worker `web`: its policy, say. It counts from the next deploy on. */
  async setWorker(fields: Partial<WorkerRow>): Promise<void> {
    await this.dataSource.manager.update(WorkerRow, { ...this.key, name: 'web' }, fields);
  }

  /** A rollback to a release, by its number; the deploy's id. */
  async askForRollback(number: number): Promise<string> {
    const release = await this.dataSource.manager.findOneByOrFail(ReleaseRow, { ...this.key, number });
    const { buildId, sha: rref, id: fromReleaseId } = release;
    const row = this.dataSource.manager.create(DeployRow, {
      ...this.key,
      rref,
      buildId,
      kind: 'rollback',
      fromReleaseId,
    });
    return (await this.dataSource.manager.save(row)).id;
  }

  /** A restart, as it is asked for through the API; the reconcile's id. */
  async askForRestart(onlyUnhealthy = false): Promise<string> {
    const restart = { workerId: null, onlyUnhealthy };
    const row = this.dataSource.manager.create(ReconcileRow, { ...this.key, pending: [], restart });
    return (await this.dataSource.manager.save(row)).id;
  }

  /** What an operator, or a watch, says of a host. */
  async setHost(name: string, fields: Partial<HostRow>): Promise<void> {
    await this.dataSource.manager.upsert(HostRow, { name, ...fields }, ['name']);
  }

  /** One more engine, that looks by itself at whatever changes. */
  async watchingEngine(variables: Readonly<Record<string, string>> = {}): Promise<TestEngine> {
    const engine = await TestEngine.startWatching(this.database.url, this.world, variables);
    this.engines.push(engine);
    return engine;
  }

  /** A deploy of a new commit whose build is done; its id. */
  async askForDeploy(also: Partial<DeployRow> = {}): Promise<string> {
    const number = (await this.dataSource.manager.count(BuildRow)) + 1;
    const rref = String(number).padStart(40, 'a');
    const image = this.world.publish(`registry.test:5000/sample:${rref}`);
    const build = this.dataSource.manager.create(BuildRow, {
      appId: this.key.appId,
      ref: 'main',
      rref,
      state: 'completed',
      image,
    });
    const { id: buildId } = await this.dataSource.manager.save(build);
    const deploy = this.dataSource.manager.create(DeployRow, { ...this.key, rref, buildId, ...also });
    return (await this.dataSource.manager.save(deploy)).id;
  }

  /** Sets the scale of `web`, with the reconcile that asks for it; the reconcile's id. */
  async scale(scale: number): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      await manager.update(WorkerRow, { name: 'web' }, { scale });
      return (await manager.save(manager.create(ReconcileRow, { ...this.key, pending: [] }))).id;
    });
  }

  app(): Promise<AppRow> {
    return this.dataSource.manager.findOneByOrFail(AppRow, { id: this.key.appId });
  }

  deploy(id: string): Promise<DeployRow> {
    return this.dataSource.manager.findOneByOrFail(DeployRow, { id });
  }

  reconcile(id: string): Promise<ReconcileRow> {
    return this.dataSource.manager.findOneByOrFail(ReconcileRow, { id });
  }

  /** Rows of instances that are not stopped. */
  async living(): Promise<InstanceRow[]> {
    const rows = await this.dataSource.manager.find(InstanceRow, { order: { id: 'ASC' } });
    return rows.filter(({ state }) => state !== 'stopped');
  }

  /** Deploys that have not settled, and reconciles too. */
  async inProgress(): Promise<string[]> {
    const rows = await this.dataSource.query<{ what: string }[]>(
      `SELECT 'deploy ' || id || ' ' || state AS what FROM deploys WHERE state IN ('created', 'building', 'deploying')
       UNION ALL SELECT 'reconcile ' || id FROM reconciles WHERE state = 'in_progress'`,
    );
    return rows.map(({ what }) => what);
  }

  /** Names of all containers of Jockey in the world, `SLOT of deploy ID`. */
  containers(): string[] {
    return [...this.world.machines.values()]
      .flatMap(({ containers }) => [...containers.values()])
      .filter(({ spec }) => LABELS.app in spec.labels)
      .map(({ spec }) => slotOf(spec))
      .sort();
  }

  /** Names of all registered instances. */
  registered(): string[] {
    return [...this.world.machines.values()].flatMap(({ registrations }) => [...registrations.keys()]).sort();
  }

  /** What becomes of the containers of a deploy. */
  setFate(deployId: string, fate: Partial<Fate>): void {
    this.world.fateOf = ({ labels }) => (labels[LABELS.deploy] === deployId ? fate : {});
  }

  /** The lease of a killed engine runs out. */
  async leasesRunOut(): Promise<void> {
    await this.dataSource.query('UPDATE leases SET expires_at = now()');
  }

  /** What the log of a deploy says. */
  async story(deployId: string): Promise<string> {
    const rows = await this.dataSource.query<{ text: string }[]>(
      `SELECT text FROM log_lines WHERE subject = 'deploy' AND subject_id = $1 ORDER BY id`,
      [deployId],
    );
    return rows.map(({ text }) => text).join('\n');
  }

  async stop(): Promise<void> {
    await this.leave();
    await this.database.drop();
  }

  private async leave(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.stop()));
    await this.dataSource.destroy();
  }

  private async putApp(scale: number): Promise<void> {
    const { manager } = this.dataSource;
    const environment = await manager.save(manager.create(EnvironmentRow, { name: 'production' }));
    const stack = await manager.save(manager.create(StackRow, { name: 'api' }));
    const app = await manager.save(
      manager.create(AppRow, { name: 'sample', repo: 'jockey/sample', stackId: stack.id }),
    );
    this.key = { appId: app.id, environmentId: environment.id };
    const quick = {
      memoryMb: 64,
      cpus: 0.1,
      drainSeconds: 0,
      stopGraceSeconds: 0,
      healthDeadlineSeconds: 2,
      healthIntervalSeconds: 1,
    };
    await manager.save(manager.create(WorkerRow, { ...this.key, name: 'web', command: '/start web', scale, ...quick }));
  }
}

function slotOf({ labels }: ContainerSpec): string {
  return `${labels[LABELS.slot]} of deploy ${labels[LABELS.deploy]}`;
}
