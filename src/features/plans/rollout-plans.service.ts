import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { invalid } from '../../domain/kernel/errors.js';
import { releaseName } from '../../domain/release/release-facts.js';
import { rollbackTarget } from '../../domain/release/rollback-target.js';
import { judgeRoom } from '../../domain/room/judge-room.js';
import { roomOfTried, type TriedRollout, tryRollout } from '../../domain/what-if/try-rollout.js';
import { WhatIfWorlds, type SeenApp, type SeenWorld } from '../../observation/what-if-worlds.js';
import { BuildRow, type DeployRow, ReleaseRow } from '../../store/entities/index.js';
import { DeployContent } from '../../store/repositories/deploy-content.js';
import { Rooms } from '../../store/repositories/rooms.js';
import { releaseHistory } from '../../store/repositories/releases.js';
import { CommitFinder } from '../builds/commit-finder.js';
import type { DeployChangeDto } from './change.dto.js';
import type { PlanDto } from './plan.dto.js';
import { inProgressNote, notesOf, type PlanPlace } from './plan-place.js';
import { viewOf } from './plan-view.js';

const NOT_PLACED = 'The deploy would end as not_placed, and nothing would be moved.';

/** What would be rolled out. */
interface Target {
  readonly kind: 'deploy' | 'rollback';
  readonly fromReleaseId: string | null;
  /** By digest; empty where it is not built yet. */
  readonly image: string;
  readonly note: string;
}

/** Says what a deploy would do. */
@Injectable()
export class RolloutPlans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly worlds: WhatIfWorlds,
    private readonly content: DeployContent,
    private readonly commits: CommitFinder,
    private readonly rooms: Rooms,
  ) {}

  /** Places it as the engine would, wave by wave. */
  async plan(place: PlanPlace, change: DeployChangeDto): Promise<PlanDto> {
    if (change.rref !== undefined && change.release !== undefined)
      throw invalid('change.release', 'cannot be planned together with rref; say one of the two.');
    const key = { appId: place.app.id, environmentId: place.environment.id };
    const view = { environment: place.environment.name, stacks: [place.stack], keys: [key] };
    const world = await this.worlds.of(view);
    const seen = world.seen[0] as SeenApp;
    const target = await this.targetOf(place, change, seen);
    const like = { ...key, id: '0', kind: target.kind, fromReleaseId: target.fromReleaseId } as DeployRow;
    const { workers } = await this.content.of(like);
    const app = { ...seen.app, image: target.image, imageOn: await this.holdersOf(world, target.image) };
    const tried = { hosts: world.hosts, app, workers };
    const outcome = tryRollout(tried);
    const refused = outcome.unplaced.length === 0 ? [] : [await this.unplacedNote(tried, seen)];
    const busy = inProgressNote(seen);
    return viewOf(outcome, [target.note, ...refused, ...(busy === null ? [] : [busy]), ...notesOf(seen)]);
  }

  /** What does not fit may wait for hosts of its pool. */
  private async unplacedNote(tried: TriedRollout, { outlook: { state } }: SeenApp): Promise<string> {
    const of = await this.rooms.poolOf(state);
    if (of === null) return NOT_PLACED;
    const verdict = judgeRoom({ ...roomOfTried(tried), pool: of.pool });
    if (verdict.kind === 'refuse') return `${NOT_PLACED} Of its pool: ${verdict.because}.`;
    const hosts = verdict.hosts === 1 ? '1 more host' : `${verdict.hosts} more hosts`;
    return `The deploy would wait for ${hosts} of the pool of ${of.pool.name}, for at most ${of.row.waitForRoomSeconds} s.`;
  }

  private holdersOf({ hosts }: SeenWorld, image: string): Promise<ReadonlySet<string>> {
    return this.worlds.holdersOf(hosts, image);
  }

  private async targetOf(place: PlanPlace, { rref, release }: DeployChangeDto, seen: SeenApp): Promise<Target> {
    if (release !== undefined) return this.releaseOf(place, release);
    if (rref !== undefined) return this.commitOf(place, rref);
    const { current } = seen.outlook.state;
    if (current === null)
      throw invalid('change.rref', `is required: nothing of ${place.app.name} was deployed here yet.`);
    const note = `Rolled out would be commit ${current.rref.slice(0, 12)} again, which is current.`;
    return { kind: 'deploy', fromReleaseId: null, image: seen.app.image, note };
  }

  private async releaseOf({ app, environment }: PlanPlace, key: string): Promise<Target> {
    const { manager } = this.dataSource;
    const history = await releaseHistory(manager, { appId: app.id, environmentId: environment.id });
    const place = `${app.name} in ${environment.name}`;
    const found = rollbackTarget({ field: 'change.release', key, history, place, waitsFor: null });
    const { id, image, sha } = await manager.findOneByOrFail(ReleaseRow, { id: found.id });
    const note = `Brought back would be ${releaseName(found)} (${sha.slice(0, 12)}), with its workers and variables.`;
    return { kind: 'rollback', fromReleaseId: id, image, note };
  }

  private async commitOf({ app }: PlanPlace, ref: string): Promise<Target> {
    const { sha: rref } = await this.commits.find(app, ref);
    const build = await this.dataSource.manager.findOneBy(BuildRow, { appId: app.id, rref, state: 'completed' });
    const commit = `Rolled out would be commit ${rref.slice(0, 12)}`;
    const note =
      build === null
        ? `${commit}, which is not built yet: among hosts that are equal, the one that builds it would be preferred.`
        : `${commit}, by build ${build.id}.`;
    return { kind: 'deploy', fromReleaseId: null, image: build?.image ?? '', note };
  }
}
