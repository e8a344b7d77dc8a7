import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import type { Trigger } from '../../ports/work-queue.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { PoolHosts } from '../../store/repositories/pool-hosts.js';
import { EngineIdentity } from '../engine-identity.js';
import { type OpenWatch, StandingWatches } from '../lookout/standing-watches.js';
import { PoolNews } from './pool-news.js';
import { PoolNotices } from './pool-notices.js';

/** What ended on hosts that leave is looked at together, in milliseconds. */
const AFTER_A_PASS = 1_000;

/** Has each host pool looked at: in turn, when Consul's hosts of it change, and when the cloud says something. */
@Injectable()
export class PoolWatch {
  private readonly stopping = new AbortController();
  private readonly watches = new StandingWatches();
  private timer: NodeJS.Timeout | null = null;
  private afterPass: NodeJS.Timeout | null = null;
  private receive: (trigger: Trigger) => void = () => undefined;

  constructor(
    private readonly environment: Environment,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly pools: HostPoolRecords,
    private readonly poolHosts: PoolHosts,
    private readonly notices: PoolNotices,
    private readonly news: PoolNews,
    private readonly engine: EngineIdentity,
  ) {}

  /** Begins; what is to be looked at is handed to `receive`. */
  start(receive: (trigger: Trigger) => void): void {
    this.receive = receive;
    this.news.start(receive);
    this.notices.start(receive, this.stopping.signal);
    const every = this.environment.SCALING_INTERVAL_SECONDS * 1000;
    this.timer = setInterval(() => void this.round(receive), every);
    void this.round(receive);
  }

  /** A pass over an app has ended: a host that leaves may be empty now. */
  passEnded(): void {
    if (this.stopping.signal.aborted) return;
    this.afterPass ??= setTimeout(() => void this.lookAtLeaving(), AFTER_A_PASS);
  }

  /** Stops all. */
  stop(): void {
    this.stopping.abort();
    if (this.timer !== null) clearInterval(this.timer);
    if (this.afterPass !== null) clearTimeout(this.afterPass);
    this.watches.keep(new Map());
  }

  /** Where Postgres does not answer, the next turn finds the same. */
  private async lookAtLeaving(): Promise<void> {
    this.afterPass = null;
    const ids = await this.poolHosts.poolsWithLeaving().catch(() => []);
    if (!this.stopping.signal.aborted) for (const poolId of ids) this.receive({ kind: 'host_pool', poolId });
  }

  private async round(receive: (trigger: Trigger) => void): Promise<void> {
    try {
      const pools = await this.pools.all();
      const places = await Promise.all(pools.map((pool) => this.pools.placeOf(pool)));
      if (this.stopping.signal.aborted) return;
      const look = (poolId: string) => () => receive({ kind: 'host_pool', poolId });
      const wanted = pools.map(({ id }, index): [string, OpenWatch] => [
        id,
        (signal) => this.catalog.watch(places[index] ?? { stack: '', environment: '' }, look(id), signal),
      ]);
      this.watches.keep(new Map(wanted));
      for (const { id } of pools) look(id)();
    } catch (error) {
      if (!this.stopping.signal.aborted)
        this.engine.log.warn({ error: sentenceOf(error) }, 'the host pools could not be gone through');
    }
  }
}
