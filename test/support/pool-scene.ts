import { HostPoolRow, PoolHostRow } from '../../src/store/entities/index.js';
import type { FakeGroup, FakeInstance } from '../fakes/fake-host-groups.js';
import { EngineScene } from './engine-scene.js';
import type { TestEngine } from './test-engine.js';

/** Where the group of the scene is. */
export const GROUP = { region: 'eu-central-1', name: 'jockey-api-production' } as const;

/** An app whose hosts are machines of a group: `n1` is the first that joined Consul, and so on. */
export class PoolScene {
  /** Machines that never join Consul, by id; `all` for each one from now on. */
  readonly mute = new Set<string>();
  private joined = 0;

  private constructor(
    readonly scene: EngineScene,
    readonly poolId: string,
  ) {}

  /** A pool of so many machines that are in service and in Consul; `stop` it at the end. */
  static async set(hosts = 3, scale = 6, pool: Partial<HostPoolRow> = {}): Promise<PoolScene> {
    const scene = await EngineScene.set(scale);
    scene.world.machines.clear();
    const { manager } = scene.dataSource;
    const { stackId } = await scene.app();
    const wanted = { minHosts: 1, maxHosts: 10, desiredHosts: hosts, scaleInAfterSeconds: 86_400, headRoomPercent: 0 };
    const place = { stackId, environmentId: scene.key.environmentId };
    const group = { kind: 'auto_scaling_group' as const, groupName: GROUP.name, region: GROUP.region };
    const row = await manager.save(manager.create(HostPoolRow, { ...place, ...group, ...wanted, ...pool }));
    const made = new PoolScene(scene, row.id);
    scene.world.groups.onInService = (_group, instance) => made.join(instance);
    scene.world.groups.onGone = (_group, instance) => made.leave(instance);
    scene.world.groups.add(GROUP, { min: row.minHosts, max: row.maxHosts, desired: hosts });
    return made;
  }

  get group(): FakeGroup {
    return this.scene.world.groups.group(GROUP.name);
  }

  /** The name of the machine that is a host. */
  machineOf(host: string): string {
    return this.scene.world.machine(host).host.machine ?? '';
  }

  pool(): Promise<HostPoolRow> {
    return this.scene.dataSource.manager.findOneByOrFail(HostPoolRow, { id: this.poolId });
  }

  /** All hosts that were ever written down, oldest first. */
  rows(): Promise<PoolHostRow[]> {
    return this.scene.dataSource.manager.find(PoolHostRow, { where: { poolId: this.poolId }, order: { id: 'ASC' } });
  }

  /** The newest row of a host. */
  async row(host: string): Promise<PoolHostRow> {
    const found = (await this.rows()).findLast((row) => row.host === host);
    if (found === undefined) throw new Error(`no host ${host} is written down`);
    return found;
  }

  /** What was asked of the cloud, but for looks, `method machine`. */
  asked(): string[] {
    return this.scene.world.groups.calls
      .filter(({ method }) => method !== 'read')
      .map(({ method, about }) => `${method} ${about}`.trim());
  }

  /** Has a host leave because fewer are needed, as the planning of capacity does. */
  async scaleIn(host: string): Promise<void> {
    const reason = 'One host fewer is enough.';
    const { id } = await this.row(host);
    await this.scene.dataSource.query(`UPDATE host_pools SET desired_hosts = desired_hosts - 1 WHERE id = $1`, [
      this.poolId,
    ]);
    await this.scene.dataSource.query(
      `UPDATE pool_hosts SET leaving_cause = 'scale_in', leaving_reason = $2, leaving_since = now() WHERE id = $1`,
      [id, reason],
    );
    await this.scene.setHost(host, { cordoned: true, reason, drainRequestedAt: new Date() });
  }

  /** Looks at the pool and at the app in turn, until the one does not change what the other sees. */
  async lookAtAll(engine: TestEngine, times = 3): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await engine.lookAtPool(this.poolId);
      await engine.look(this.scene.key);
    }
    await engine.lookAtPool(this.poolId);
  }

  /** How many wanted instances each host has. */
  async spread(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { host, desired } of await this.scene.living())
      if (desired === 'running') counts[host] = (counts[host] ?? 0) + 1;
    return counts;
  }

  stop(): Promise<void> {
    return this.scene.stop();
  }

  private join({ id }: FakeInstance): void {
    if (this.mute.has('all') || this.mute.has(id)) return;
    const name = `n${(this.joined += 1)}`;
    const { world } = this.scene;
    world.addHost(name, { pools: ['api/production', 'build/production'] });
    const machine = world.machine(name);
    world.machines.set(name, { ...machine, host: { ...machine.host, machine: id } });
    world.changed();
  }

  /** Its containers are gone with it; Consul takes a while to forget its node. */
  private leave({ id }: FakeInstance): void {
    const { world } = this.scene;
    for (const [name, { host, containers, registrations }] of world.machines)
      if (host.machine === id) {
        containers.clear();
        registrations.clear();
        world.cut(name);
      }
  }
}
