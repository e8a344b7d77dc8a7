import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { InstanceStep } from '../../domain/instance/plan-instance.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { Leases, type Lease } from '../../store/leases.js';
import type { LogOf } from '../../store/log-book.js';
import { Redactors } from '../../store/redactors.js';
import {
  AppEnvironments,
  type AppEnvironment,
  type AppEnvironmentKey,
} from '../../store/repositories/app-environments.js';
import type { DeployRow } from '../../store/entities/index.js';
import { ConfigValues } from '../../store/repositories/config-values.js';
import { DeployProgress } from '../../store/repositories/deploy-progress.js';
import { DeployQueue } from '../../store/repositories/deploy-queue.js';
import { EngineIdentity } from '../engine-identity.js';
import { EngineTraces } from '../engine-traces.js';
import { Recalls } from '../recalls.js';
import { Bell } from './bell.js';
import type { DeployContents } from './container-plan.js';
import { Flights } from './flights.js';
import type { Look, Outlook, Pass } from './pass.js';
import { ReconcileDriver } from './reconcile-driver.js';
import { RevertDriver } from './revert-driver.js';
import { RolloutDriver } from './rollout-driver.js';
import { RolloutStarter } from './rollout-starter.js';
import { Stories, type Story } from './story.js';
import { Watchers } from './watchers.js';

/** How long a lease lasts, and how often it is renewed, in milliseconds: a dead engine is followed within 15 s. */
const LEASE = 15_000;
const RENEW_EVERY = 5_000;
/** A pass that waits looks again at the latest after so long, whatever it has or has not heard. */
const LONGEST_WAIT = 5_000;
/** Where another engine holds the lease, the trigger comes again after so long, so that what it said is not lost. */
const HELD_ELSEWHERE = 1_000;
/** After a pass that broke off the next one comes after so long. */
const AFTER_A_FAULT = 5_000;
/** Changes that come together are looked at together. */
const GATHER = 20;

/** Looks at an app in an environment until what is equals what should be. Many triggers for one are one look. */
@Injectable()
export class AppEnvironmentRunner {
  private readonly passes = new Map<string, { bell: Bell; done: Promise<void> }>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly recalls: Recalls,
    private readonly engine: EngineIdentity,
    private readonly environment: Environment,
    private readonly leases: Leases,
    private readonly appEnvironments: AppEnvironments,
    private readonly values: ConfigValues,
    private readonly redactors: Redactors,
    private readonly stories: Stories,
    private readonly starter: RolloutStarter,
    private readonly rollout: RolloutDriver,
    private readonly revert: RevertDriver,
    private readonly progress: DeployProgress,
    private readonly deployQueue: DeployQueue,
    private readonly reconcile: ReconcileDriver,
    private readonly watchers: Watchers,
    private readonly traces: EngineTraces,
  ) {}

  /** Looks at it, or has the pass that is at it look again. Resolves when that pass has ended; never rejects. */
  async look(key: AppEnvironmentKey, signal: AbortSignal): Promise<void> {
    const id = leaseKey(key);
    const running = this.passes.get(id);
    if (running !== undefined) {
      running.bell.ring();
      return running.done;
    }
    const bell = new Bell();
    const done = this.passUntilQuiet(key, bell, signal).finally(() => this.passes.delete(id));
    this.passes.set(id, { bell, done });
    return done;
  }

  /** Who rings when a pass is already at its end is heard by one more. */
  private async passUntilQuiet(key: AppEnvironmentKey, bell: Bell, signal: AbortSignal): Promise<void> {
    do {
      bell.hear();
      await this.passUnderLease(key, bell, signal).catch((error: unknown) => this.comeBack(key, error));
    } while (bell.isRung && !signal.aborted);
  }

  /** What stood in the way (a Consul that is away, say) may soon be gone; the sweep would come a minute later. */
  private async comeBack(key: AppEnvironmentKey, error: unknown): Promise<void> {
    const said = { error: sentenceOf(error), stack: stackOf(error) ?? null };
    const clean = await this.redactors.of(key).then(
      (redactor) => redactor.deep(said),
      () => ({ error: 'what it was cannot be told without secrets: Postgres does not answer' }),
    );
    this.engine.log.error({ ...key, ...clean }, 'a pass broke off');
    await this.recalls.later(key, AFTER_A_FAULT);
  }

  private async passUnderLease(key: AppEnvironmentKey, bell: Bell, signal: AbortSignal): Promise<void> {
    const request = {
      key: leaseKey(key),
      holder: this.engine.name,
      reason: 'rolling out or reconciling',
      milliseconds: LEASE,
    };
    const lease = await this.leases.take(request);
    if (lease === null) return this.recalls.later(key, HELD_ELSEWHERE);
    const lost = new AbortController();
    const stop = AbortSignal.any([signal, lost.signal]);
    const renewal = setInterval(() => void this.renew(lease, lost), RENEW_EVERY);
    try {
      await this.pass(key, { lease, bell, signal: stop });
    } finally {
      clearInterval(renewal);
      lost.abort();
      await this.leases.release(lease);
    }
  }

  private async renew(lease: Lease, lost: AbortController): Promise<void> {
    const held = await this.leases.renew(lease, LEASE).catch(() => null);
    if (held === false) lost.abort();
  }

  private async pass(key: AppEnvironmentKey, pass: Pass): Promise<void> {
    const flights = new Flights(() => pass.bell.ring());
    let listening = false;
    try {
      while (!pass.signal.aborted) {
        flights.beginLook();
        const state = await this.appEnvironments.read(key);
        if (state === null) return;
        const outlook = await this.lookOnce(state, pass, flights);
        await this.traces.afterLook(state);
        if (outlook.kind === 'settled') return await this.settle(key, outlook.lookAgainAt);
        if (outlook.kind === 'again') continue;
        if (!listening) await this.listen(state, pass);
        listening = true;
        await this.wait(pass, outlook.until);
      }
    } finally {
      await flights.land();
    }
  }

  private async lookOnce(state: AppEnvironment, pass: Pass, flights: Flights): Promise<Outlook> {
    const story = this.storyOf(state);
    const context = {
      ...{ lease: pass.lease, story },
      contentsOf: (deployId: string) => this.contentsOf(state, deployId),
      variablesOf: (deployId: string) => this.values.of(deployId),
      spanOf: (step: InstanceStep) => this.traces.stepOf(state, step),
    };
    const look: Look = { pass, state, story, flights, context };
    const { rollout } = state;
    if (rollout === null) return state.hasQueued ? this.nextInQueue(state) : this.reconcile.look(look);
    if (rollout.failingAt !== null) return this.revert.look(look, rollout);
    if (rollout.cancelRequestedAt !== null) return this.cancel(rollout, story);
    if (rollout.state === 'deploying') return this.rollout.look(look, rollout);
    return this.starter.begin(state, rollout, story);
  }

  private async nextInQueue({ key, app }: AppEnvironment): Promise<Outlook> {
    const { passedOver } = await this.deployQueue.takeNext(key, app.deployQueue === 'latest_wins');
    for (const { id, reason } of passedOver)
      await this.stories.begin([{ subject: 'deploy', id }], { deploy: id }, key).tell(`failed: ${reason}`, 'warn');
    return { kind: 'again' };
  }

  /** What has begun is undone first; what has not ends at once. */
  private async cancel(deploy: DeployRow, story: Story): Promise<Outlook> {
    const canceled = { outcome: 'canceled' as const, reason: 'canceled' };
    if (deploy.state === 'deploying') await this.progress.beginRevert(deploy, { ...canceled, failure: null });
    else await this.progress.fail(deploy, canceled);
    await story.tell(deploy.state === 'deploying' ? 'canceled: what was there is put back' : 'canceled', 'warn');
    return { kind: 'again' };
  }

  /** Watches begin with the first wait: a pass that finds nothing to do opens no connection for them. */
  private async listen(state: AppEnvironment, pass: Pass): Promise<void> {
    await this.watchers.listen({ state, ring: () => pass.bell.ring(), signal: pass.signal });
  }

  private async wait({ bell, signal }: Pass, until: number | null): Promise<void> {
    const longest = until === null ? LONGEST_WAIT : Math.min(LONGEST_WAIT, Math.max(0, until - this.clock.now()));
    const ring = () => bell.ring();
    signal.addEventListener('abort', ring, { once: true });
    await bell.wait(longest);
    signal.removeEventListener('abort', ring);
    await this.clock.sleep(GATHER, signal);
  }

  private async settle(key: AppEnvironmentKey, lookAgainAt: number | null): Promise<void> {
    if (lookAgainAt === null) return;
    await this.recalls.later(key, Math.max(0, lookAgainAt - this.clock.now()));
  }

  private storyOf(state: AppEnvironment): Story {
    const { key, rollout, reconciles, current, app, environment } = state;
    const of: LogOf[] = reconciles.map(({ id }) => ({ subject: 'reconcile', id }));
    const deploy = rollout ?? current;
    if (deploy !== null) of.push({ subject: 'deploy', id: deploy.id });
    return this.stories.begin(
      of,
      { app: app.name, environment, ...(deploy === null ? {} : { deploy: deploy.id }) },
      key,
    );
  }

  private async contentsOf(state: AppEnvironment, deployId: string): Promise<DeployContents> {
    const contents = await this.appEnvironments.contentsOf(deployId);
    const routingHost = this.environment.ROUTING_HOST ?? null;
    return { ...contents, app: state.app.name, repo: state.app.repo, environment: state.environment, routingHost };
  }
}

function leaseKey({ appId, environmentId }: AppEnvironmentKey): string {
  return `app_environment:${appId}:${environmentId}`;
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined;
}
