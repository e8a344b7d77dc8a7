import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RoomWanted } from '../../domain/capacity/room-wanted.js';
import type { RoomPool } from '../../domain/room/judge-room.js';
import type { DeployRow, HostPoolRow } from '../entities/index.js';
import type { AppEnvironment } from './app-environments.js';
import { HostPoolRecords } from './host-pools.js';

/** The pool of an app in an environment, for what finds no place in it. */
export interface RoomOfPool {
  readonly row: HostPoolRow;
  readonly pool: RoomPool;
}

/** Where something finds no place. */
export type RoomPlace = Pick<AppEnvironment, 'app' | 'key' | 'stack' | 'environment'>;

/** How long a deploy has waited for room. */
export interface Waited {
  /** Whether it begins now. */
  readonly begins: boolean;
  /** In milliseconds, by the database's clock. */
  readonly milliseconds: number;
}

/** Deploys that wait for the hosts that they need. */
@Injectable()
export class Rooms {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pools: HostPoolRecords,
  ) {}

  /** Null where the stack has no pool in the environment. */
  async poolOf({ app, key, stack, environment }: RoomPlace): Promise<RoomOfPool | null> {
    const row = await this.pools.at(app.stackId, key.environmentId);
    if (row === null) return null;
    const { kind, maxHosts: max, memoryMb, cpus } = row;
    const offer = memoryMb === null || cpus === null ? null : { memoryMb, cpus };
    const mode = await this.pools.modeOf(row);
    return { row, pool: { name: `${stack} in ${environment}`, kind, mode, max, offer } };
  }

  /** Writes that a deploy waits, and for what; null where it does not wait any more: it was canceled, or began. */
  async wait({ id }: DeployRow, wanted: readonly RoomWanted[]): Promise<Waited | null> {
    const [row] = await this.dataSource.query<Waited[]>(
      `WITH before AS (SELECT id, room_wanted_since AS since FROM deploys
         WHERE id = $1 AND state IN ('created', 'building') AND NOT queued FOR UPDATE),
       kept AS (UPDATE deploys SET room_wanted = $2::jsonb, room_wanted_since = COALESCE(room_wanted_since, now()),
           updated_at = CASE WHEN room_wanted_since IS NULL THEN now() ELSE updated_at END
         FROM before WHERE deploys.id = before.id)
       SELECT since IS NULL AS begins, (EXTRACT(EPOCH FROM now() - COALESCE(since, now())) * 1000)::float8 AS milliseconds
       FROM before`,
      [id, JSON.stringify(wanted)],
    );
    return row ?? null;
  }
}
