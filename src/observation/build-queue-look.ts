import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import { type BuildHost, chooseBuildHost } from '../domain/build/choose-build-host.js';
import { supersededSentence } from '../domain/build/failure-sentence.js';
import { orderBuilds } from '../domain/build/order-builds.js';
import { type OpenBuild, planBuildQueue } from '../domain/build/plan-build-queue.js';
import { sentenceOf } from '../domain/kernel/errors.js';
import { BuildQueue, type QueuedBuild } from '../store/repositories/build-queue.js';
import { BuildHostSurvey } from './build-host-survey.js';

/** A build that waits, and what for. */
export interface WaitingLook {
  readonly build: QueuedBuild;
  readonly why: string;
}

/** A host that builds, and what it has. */
export interface BuildHostLook {
  readonly name: string;
  readonly running: number;
  /** Why it gets no builds now; null where it does. */
  readonly whyNot: string | null;
}

/** The queue as it stands. */
export interface QueueLook {
  readonly running: readonly QueuedBuild[];
  /** In the order in which they are going to begin. */
  readonly waiting: readonly WaitingLook[];
  readonly hosts: readonly BuildHostLook[];
  /** How many builds one host, and all together, may have. */
  readonly limits: { readonly perHost: number; readonly atOnce: number };
}

/** What would become of a build that is not asked for yet. */
export interface QueueForecast {
  /** How many builds that wait have their turn before it. */
  readonly position: number;
  /** The host that it would begin on now; null where it would wait, or none can take it. */
  readonly host: string | null;
  /** Why it would wait, or could not be built at all; null where it would begin now. */
  readonly why: string | null;
}

/** Higher than any id that Postgres gives. */
const NOT_YET = '9223372036854775808';

/** Looks at the queue of builds as the engines do, and changes nothing. */
@Injectable()
export class BuildQueueLook {
  constructor(
    private readonly queue: BuildQueue,
    private readonly survey: BuildHostSurvey,
    private readonly environment: Environment,
  ) {}

  /** Who runs, who waits and what for. A Consul that is away is what all wait for. */
  async look(): Promise<QueueLook> {
    const open = await this.queue.open();
    const running = open.filter((build) => build.running);
    const hosts = await this.survey.hosts().catch(sentenceOf);
    const limits = this.limits;
    if (typeof hosts !== 'string') return { running, limits, ...this.whatWaits(open, hosts) };
    const counts = new Map<string, number>();
    for (const { appId } of running) counts.set(appId, (counts.get(appId) ?? 0) + 1);
    const rest = open.filter((build) => !build.running);
    const waiting = orderBuilds(rest, counts).map((build) => ({ build, why: hosts }));
    return { running, limits, waiting, hosts: [] };
  }

  /** Where a new build of an app and branch would stand. */
  async preview({ appId, branch }: Pick<OpenBuild, 'appId' | 'branch'>): Promise<QueueForecast> {
    const from = { begun: false, running: false, host: null, lostHost: false, canceled: false, latestWins: false };
    const known = await this.queue.open();
    const { appServedAt = null, appBuiltOn = null } = known.find((build) => build.appId === appId) ?? {};
    const open = [...known, { ...from, id: NOT_YET, appId, appServedAt, appBuiltOn, branch }];
    const hosts = await this.survey.hosts().catch(sentenceOf);
    if (typeof hosts === 'string')
      return { position: open.filter(({ running }) => !running).length - 1, host: null, why: hosts };
    const { turns, waiting } = planBuildQueue(open, this.room(hosts));
    const turn = turns.find(({ id }) => id === NOT_YET);
    if (turn !== undefined)
      return { position: turns.indexOf(turn), host: turn.place?.host.name ?? null, why: turn.refusal };
    const at = waiting.findIndex(({ id }) => id === NOT_YET);
    return { position: turns.length + at, host: null, why: waiting[at]?.why ?? null };
  }

  private room(hosts: readonly BuildHost[]) {
    return { hosts, ...this.limits };
  }

  private get limits() {
    return { perHost: this.environment.BUILDS_PER_HOST, atOnce: this.environment.BUILDS_AT_ONCE };
  }

  private whatWaits(open: readonly QueuedBuild[], hosts: readonly BuildHost[]): Omit<QueueLook, 'running' | 'limits'> {
    const plan = planBuildQueue(open, this.room(hosts));
    const byId = new Map(open.map((build) => [build.id, build]));
    const branchOf = (id: string): string | null => byId.get(id)?.branch ?? null;
    const waiting = [
      ...plan.turns.map(({ id, refusal }) => ({ id, why: refusal ?? 'its turn has come: an engine takes it next' })),
      ...plan.waiting,
      ...plan.superseded.map(({ id, by }) => ({ id, why: supersededSentence(by, branchOf(id)) })),
    ];
    return {
      waiting: waiting.map(({ id, why }) => ({ build: byId.get(id) as QueuedBuild, why })),
      hosts: loadsOf(open, hosts),
    };
  }
}

function loadsOf(open: readonly QueuedBuild[], hosts: readonly BuildHost[]): readonly BuildHostLook[] {
  const byName = new Map(hosts.map((each) => [each.host.name, each]));
  return [...byName]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => {
      const choice = chooseBuildHost([each]);
      const running = open.filter((build) => build.running && build.host === name).length;
      return { name, running, whyNot: 'refusal' in choice ? choice.refusal : null };
    });
}
