import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { WORK_QUEUE, type Trigger, type WorkQueue } from '../ports/work-queue.js';
import { AppEnvironmentRunner } from './app-environments/app-environment-runner.js';
import { Autoscaler } from './autoscale/autoscaler.js';
import { BuildDispatcher } from './builds/build-dispatcher.js';
import { CleanUpRunner } from './clean-up/clean-up-runner.js';
import { Courier } from './courier/courier.js';
import { EngineIdentity } from './engine-identity.js';
import { PoolRunner } from './host-pools/pool-runner.js';
import { PoolWatch } from './host-pools/pool-watch.js';
import { Lookout } from './lookout/lookout.js';
import { Recalls } from './recalls.js';
import { RunRunner } from './runs/run-runner.js';
import { Sweep, SWEEP_EVERY } from './sweep.js';

/**
 * The engine's life: it receives triggers, watches what runs, sweeps at start and every minute, and stops without leaving
 * work half told.
 */
@Injectable()
export class EngineService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private sweeping: NodeJS.Timeout | null = null;

  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    private readonly engine: EngineIdentity,
    private readonly sweep: Sweep,
    private readonly lookout: Lookout,
    private readonly recalls: Recalls,
    private readonly courier: Courier,
    private readonly builds: BuildDispatcher,
    private readonly appEnvironments: AppEnvironmentRunner,
    private readonly cleanUps: CleanUpRunner,
    private readonly autoscaler: Autoscaler,
    private readonly poolWatch: PoolWatch,
    private readonly pools: PoolRunner,
    private readonly runs: RunRunner,
  ) {}

  /** Begins to receive, and looks at everything once: what a killed engine left is taken up here. */
  onApplicationBootstrap(): void {
    const receive = (trigger: Trigger) => this.receive(trigger);
    this.queue.receive(receive);
    this.lookout.start(receive);
    this.recalls.start((key) => receive({ kind: 'app_environment', ...key }));
    this.courier.start();
    this.autoscaler.start(receive);
    this.poolWatch.start(receive);
    this.sweeping = setInterval(() => this.sweepAll(receive), SWEEP_EVERY);
    void this.sweep.run(receive);
    receive({ kind: 'clean_up' });
    this.engine.log.info({ engine: this.engine.name }, 'engine started');
  }

  /** Stops taking work, lets the steps that are under way end, and gives the leases back for the next engine. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.sweeping !== null) clearInterval(this.sweeping);
    this.lookout.stop();
    this.poolWatch.stop();
    this.recalls.stop();
    this.stopping.abort();
    await Promise.allSettled([...this.underWay, this.builds.atRest(), this.courier.stop(), this.autoscaler.stop()]);
    this.engine.log.info({ engine: this.engine.name }, 'engine stopped');
  }

  private sweepAll(receive: (trigger: Trigger) => void): void {
    this.lookout.refresh();
    void this.sweep.run(receive);
    receive({ kind: 'clean_up' });
  }

  private receive(trigger: Trigger): void {
    if (this.stopping.signal.aborted) return;
    const work = this.work(trigger).finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private work(trigger: Trigger): Promise<void> {
    switch (trigger.kind) {
      case 'build':
        return this.builds.run(trigger.buildId, this.stopping.signal);
      case 'run':
        return this.runs.run(trigger.runId, this.stopping.signal);
      case 'host_pool':
        return this.pools.look(trigger.poolId, this.stopping.signal);
      case 'clean_up':
        return this.cleanUps.run(this.stopping.signal);
      case 'app_environment':
        return this.appEnvironments
          .look({ appId: trigger.appId, environmentId: trigger.environmentId }, this.stopping.signal)
          .finally(() => this.passEnded());
    }
  }

  private passEnded(): void {
    this.lookout.passEnded();
    this.poolWatch.passEnded();
  }
}
