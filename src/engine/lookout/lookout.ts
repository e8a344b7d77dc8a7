import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { Host } from '../../domain/host/host.js';
import { LABELS } from '../../domain/instance/container-name.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { DOCKER_HOSTS, type ContainerEvent, type DockerHosts } from '../../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../../ports/host-catalog.js';
import { SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import type { Trigger } from '../../ports/work-queue.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { LookoutRecords, type WatchedPlace } from '../../store/repositories/lookout-records.js';
import { EngineIdentity } from '../engine-identity.js';
import { GatheredKeys } from './gathered-keys.js';
import { poolOf, sameHosts, standingsOf } from './host-standings.js';
import { RepeatedWork } from './repeated-work.js';
import { StandingWatches, type OpenWatch } from './standing-watches.js';

/** What shows at once in Docker, in Consul and in the pool is looked at once, in milliseconds. */
const GATHER = 50;
/** A pass that ended may have begun something that is to be watched: seen within so many milliseconds. */
const AFTER_A_PASS = 500;
/** When Postgres did not answer, it is asked again after so many milliseconds. */
const AFTER_A_FAULT = 5_000;
/** After the end of a grace time, so that the clock of the database is past it too, in milliseconds. */
const PAST_THE_GRACE = 100;

/**
 * Events of a container after which it is not what it was; `kill` and `oom` come with a `die`:
 * https://docs.docker.com/reference/cli/docker/system/events/#containers
 */
const TELLING = new Set(['start', 'die', 'destroy']);

/**
 * Watches everything that runs all the time: the Docker of each host, each pool of hosts and each service in Consul, one
 * connection for each however many apps are there. What changes is handed on at once as a trigger for the app in the
 * environment that it is about. It also keeps since when hosts are lost.
 */
@Injectable()
export class Lookout {
  private places: readonly WatchedPlace[] = [];
  private readonly lists = new Map<string, readonly Host[]>();
  private readonly pools = new StandingWatches();
  private readonly hosts = new StandingWatches();
  private readonly services = new StandingWatches();
  private readonly graces = new StandingWatches();
  /** Pools that Consul has to be asked for again. */
  private readonly stale = new Map<string, HostPool>();
  /** Pools that changed, and whose apps do not know it yet. */
  private readonly changed = new Set<string>();
  private readonly work = new RepeatedWork(() => this.review());
  private keys = new GatheredKeys(GATHER, () => undefined);
  private stopped = false;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
    private readonly environment: Environment,
    private readonly engine: EngineIdentity,
    private readonly appEnvironments: AppEnvironments,
    private readonly records: LookoutRecords,
  ) {}

  /** Begins; what changes is handed to `receive`. */
  start(receive: (trigger: Trigger) => void): void {
    this.keys = new GatheredKeys(GATHER, (key) => receive({ kind: 'app_environment', ...key }));
    this.refresh();
  }

  /** Finds out anew what is to be watched, and asks Consul for all hosts. */
  refresh(): void {
    for (const { stack, environment } of this.places) this.askFor({ stack, environment }, GATHER);
    this.work.ask(0);
  }

  /** A pass has ended: there may be more to watch, or less. */
  passEnded(): void {
    this.work.ask(AFTER_A_PASS);
  }

  /** Closes all. */
  stop(): void {
    this.stopped = true;
    this.work.stop();
    this.keys.stop();
    for (const watches of [this.pools, this.hosts, this.services, this.graces]) watches.keep(new Map());
  }

  private async review(): Promise<void> {
    try {
      this.places = await this.records.places(await this.appEnvironments.all());
      if (this.stopped) return;
      this.pools.keep(new Map(this.places.map((place) => [poolOf(place), (signal) => this.watchPool(place, signal)])));
      this.services.keep(this.wantedServices());
      await this.listHosts();
      if (this.stopped) return;
      this.hosts.keep(this.wantedHosts());
      await this.keepStandings();
    } catch (error) {
      if (this.stopped) return;
      this.engine.log.warn({ error: sentenceOf(error) }, 'the standing watch could not be brought up to date');
      this.work.ask(AFTER_A_FAULT);
    }
  }

  private watchPool({ stack, environment }: HostPool, signal: AbortSignal): void {
    this.askFor({ stack, environment }, GATHER);
    this.catalog.watch({ stack, environment }, () => this.askFor({ stack, environment }, GATHER), signal);
  }

  private askFor(pool: HostPool, milliseconds: number): void {
    this.stale.set(poolOf(pool), pool);
    this.work.ask(milliseconds);
  }

  /** A Consul that does not answer says nothing: what it said last stands. */
  private async listHosts(): Promise<void> {
    const asked = [...this.stale];
    this.stale.clear();
    for (const name of this.lists.keys()) if (!this.pools.names.includes(name)) this.lists.delete(name);
    await Promise.all(asked.filter(([name]) => this.pools.names.includes(name)).map((each) => this.listPool(...each)));
  }

  private async listPool(name: string, pool: HostPool): Promise<void> {
    const before = this.lists.get(name);
    const hosts = await this.catalog.hosts(pool).catch(() => null);
    if (hosts === null) return;
    this.lists.set(name, hosts);
    if (before !== undefined && !sameHosts(before, hosts)) this.changed.add(name);
  }

  /** The connection to a lost host is closed: it may never hear again, and a new one is opened when the host is back. */
  private wantedHosts(): ReadonlyMap<string, OpenWatch> {
    const healthy = [...this.lists.values()].flat().filter((host) => host.healthy);
    return new Map(
      healthy.map((host) => [
        `${host.name} ${host.dockerUrl}`,
        (signal) => this.docker.watch(host, (event) => this.heard(event), signal),
      ]),
    );
  }

  private heard({ action, labels }: ContainerEvent): void {
    if (!TELLING.has(action)) return;
    const { [LABELS.app]: app, [LABELS.environment]: environment } = labels;
    this.tell((place) => place.app === app && place.environment === environment);
  }

  private wantedServices(): ReadonlyMap<string, OpenWatch> {
    const names = this.places.flatMap(({ services }) => services);
    return new Map(
      names.map((name) => [
        name,
        (signal) => this.registry.watch(name, () => this.tell(({ services }) => services.includes(name)), signal),
      ]),
    );
  }

  /** What is lost is written before anybody is told, so that who looks knows it. */
  private async keepStandings(): Promise<void> {
    const turned = await this.records.keepStandings(standingsOf(this.places, this.lists));
    const pools = [...this.changed];
    this.changed.clear();
    this.tell((place) => pools.includes(poolOf(place)) || turned.some((host) => this.concerns(host, place)));
    if (this.stopped) return;
    const lost = await this.records.lostHosts();
    this.graces.keep(new Map(lost.map(({ name, lostMs }) => [name, (signal) => this.grace(name, lostMs, signal)])));
  }

  /** When the grace of a lost host is over, its instances may be started elsewhere. */
  private grace(host: string, lostMs: number, signal: AbortSignal): void {
    const left = Math.max(0, this.environment.HOST_GRACE_SECONDS * 1000 - lostMs) + PAST_THE_GRACE;
    void this.clock.sleep(left, signal).then(() => {
      if (!signal.aborted) this.tell((place) => this.concerns(host, place));
    });
  }

  private concerns(host: string, place: WatchedPlace): boolean {
    return place.hosts.includes(host) || (this.lists.get(poolOf(place)) ?? []).some(({ name }) => name === host);
  }

  private tell(whom: (place: WatchedPlace) => boolean): void {
    if (this.stopped) return;
    for (const place of this.places) if (whom(place)) this.keys.add(place.key);
  }
}
