import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Environment } from '../../config/environment.js';
import type { BuildHost } from '../../domain/build/choose-build-host.js';
import { supersededSentence } from '../../domain/build/failure-sentence.js';
import {
  type BuildQueuePlan,
  type BuildTurn,
  type OpenBuild,
  planBuildQueue,
} from '../../domain/build/plan-build-queue.js';
import { BuildDisks } from '../../observation/build-disks.js';
import { BuildHostSurvey } from '../../observation/build-host-survey.js';
import { type Lease, Leases } from '../../store/leases.js';
import { BuildQueue } from '../../store/repositories/build-queue.js';
import { EngineIdentity } from '../engine-identity.js';

/** A build that this engine has to bring to its end, and has the lease of. */
export interface TakenBuild extends BuildTurn<BuildHost> {
  readonly lease: Lease;
}

/** What a look at the queue brought. */
export interface Look {
  readonly taken: readonly TakenBuild[];
  /** Those that ended unbuilt just now. */
  readonly superseded: readonly { readonly id: string; readonly reason: string }[];
  /** Those that wait on, by id, with what for. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Whether other engines are at builds, one of which may be killed. */
  readonly othersWork: boolean;
  /** Those whose turn it is, and that this engine has no room for. */
  readonly leftToOthers: readonly string[];
}

/** What this engine has at hand, how many more it can take, and how long it holds the lease of each, in milliseconds. */
export interface Reach {
  readonly mineNow: ReadonlySet<string>;
  readonly room: number;
  readonly lease: number;
}

/** Takes builds out of the queue: decided for all engines together, one look after the other. */
@Injectable()
export class BuildTurns {
  constructor(
    private readonly queue: BuildQueue,
    private readonly survey: BuildHostSurvey,
    private readonly disks: BuildDisks,
    private readonly leases: Leases,
    private readonly engine: EngineIdentity,
    private readonly environment: Environment,
  ) {}

  /** Takes those whose turn it is. Throws when Consul or Postgres is away: then nothing was taken. */
  async take({ room, lease, mineNow }: Reach): Promise<Look> {
    const hosts = await this.disks.seen(await this.survey.hosts());
    return this.queue.inTurn(async (manager) => {
      const open = await this.queue.open(manager);
      const plan = planBuildQueue(open, this.room(hosts));
      const mine = plan.turns.slice(0, room);
      return {
        taken: await this.begin(manager, mine, lease),
        superseded: await supersede(manager, open, plan),
        waiting: new Map(plan.waiting.map(({ id, why }) => [id, why])),
        othersWork: open.some(({ id, running }) => running && !mineNow.has(id)),
        leftToOthers: plan.turns.slice(room).map(({ id }) => id),
      };
    });
  }

  private room(hosts: readonly BuildHost[]) {
    return { hosts, perHost: this.environment.BUILDS_PER_HOST, atOnce: this.environment.BUILDS_AT_ONCE };
  }

  private async begin(
    manager: EntityManager,
    turns: readonly BuildTurn<BuildHost>[],
    milliseconds: number,
  ): Promise<TakenBuild[]> {
    const taken: TakenBuild[] = [];
    for (const turn of turns) {
      if (!(await BuildQueue.begin(manager, turn.id, turn.place?.host.name ?? null))) continue;
      const request = { key: `build:${turn.id}`, holder: this.engine.name, reason: 'building', milliseconds };
      const lease = await this.leases.take(request, manager);
      if (lease !== null) taken.push({ ...turn, lease });
    }
    return taken;
  }
}

async function supersede(
  manager: EntityManager,
  open: readonly OpenBuild[],
  plan: BuildQueuePlan<BuildHost>,
): Promise<{ id: string; reason: string }[]> {
  const ended: { id: string; reason: string }[] = [];
  for (const { id, by } of plan.superseded) {
    const reason = supersededSentence(by, open.find((build) => build.id === id)?.branch ?? null);
    if (await BuildQueue.endWaiting(manager, id, { outcome: 'superseded', reason })) ended.push({ id, reason });
  }
  return ended;
}
