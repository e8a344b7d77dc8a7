import { Inject, Injectable } from '@nestjs/common';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import { waveNeedOf } from '../../domain/reconcile/wave-need.js';
import type { Unplaced } from '../../domain/placement/placement.js';
import { judgeRoom, type RoomRequest } from '../../domain/room/judge-room.js';
import { candidatesOf } from '../../observation/candidates.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { DeployRow } from '../../store/entities/index.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import { HostLoads } from '../../store/repositories/host-loads.js';
import { type RoomOfPool, Rooms } from '../../store/repositories/rooms.js';
import type { PlacementRequest } from './placer.js';
import type { Story } from './story.js';

/** A deploy that waits for room looks again after so long, in milliseconds, whatever it has or has not heard. */
const LOOK_AGAIN = 15_000;

/** A deploy that found no place for everything. */
export interface Roomless {
  readonly deploy: DeployRow;
  readonly request: PlacementRequest;
  readonly unplaced: readonly Unplaced[];
}

/** When a deploy that waits for room looks again, in milliseconds since 1970; or why it does not wait. */
export type RoomAnswer =
  { readonly kind: 'wait'; readonly lookAgainAt: number } | { readonly kind: 'fail'; readonly reason: string };

/** Has deploys wait for the hosts that they need, where such may come, and calls for them. */
@Injectable()
export class RoomSeeker {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    private readonly loads: HostLoads,
    private readonly rooms: Rooms,
  ) {}

  /** Writes what is waited for; the pool is looked at because of it. */
  async seek(roomless: Roomless, story: Story): Promise<RoomAnswer> {
    const reason = explainUnplaced(roomless.unplaced);
    const of = await this.rooms.poolOf(roomless.request.state);
    if (of === null) return { kind: 'fail', reason };
    const verdict = judgeRoom(await this.requestOf(roomless.request, of));
    if (verdict.kind === 'refuse') return { kind: 'fail', reason: `${reason}. ${begun(verdict.because)}` };
    const waited = await this.rooms.wait(roomless.deploy, verdict.wanted);
    if (waited === null) return { kind: 'wait', lookAgainAt: this.clock.now() };
    const limit = of.row.waitForRoomSeconds * 1000;
    const hosts = `${verdict.hosts} more ${verdict.hosts === 1 ? 'host' : 'hosts'} of the pool of ${of.pool.name}`;
    if (waited.milliseconds >= limit) return { kind: 'fail', reason: `${reason}. ${lateText(of, hosts)}` };
    await this.queue.send({ kind: 'host_pool', poolId: of.row.id });
    if (waited.begins)
      await story.tell(`${reason}. Waiting for ${hosts}, for at most ${of.row.waitForRoomSeconds} s`, 'warn');
    const left = Math.min(LOOK_AGAIN, limit - waited.milliseconds);
    return { kind: 'wait', lookAgainAt: this.clock.now() + left };
  }

  /** Has the pool looked at: something of this app found no place in it. */
  async call(state: AppEnvironment): Promise<void> {
    const of = await this.rooms.poolOf(state);
    if (of !== null) await this.queue.send({ kind: 'host_pool', poolId: of.row.id });
  }

  private async requestOf(request: PlacementRequest, { pool }: RoomOfPool): Promise<RoomRequest> {
    const { app, environment, instances } = request.state;
    const needs = request.missing.map((each) => waveNeedOf(each, { app, environment, image: request.image }));
    const loads = await this.loads.read(app.id);
    const hosts = candidatesOf(request.hosts, loads, { ...request, appId: app.id, instances });
    return { needs, leaving: request.leaving, hosts, pool };
  }
}

function lateText({ row }: RoomOfPool, hosts: string): string {
  const why = row.trouble ?? row.advice?.reason ?? null;
  const text = `It waited ${row.waitForRoomSeconds} s for ${hosts}, which did not come`;
  return why === null ? text : `${text}: ${why}`;
}

function begun(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
