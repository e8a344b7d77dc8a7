import type { DeployRow } from '../../store/entities/index.js';

/** Instances of one worker for which there is no room. */
export class RoomWantedDto {
  /** Name of the worker. */
  worker!: string;

  /** How many of its instances. */
  count!: number;

  /** What each reserves, in MiB. */
  memory_mb!: number;

  /** What each reserves, in cores. */
  cpus!: number;
}

/** What a deploy waits for that found no place: hosts of its pool that have room. */
export class WaitsForRoomDto {
  /** Since when: ISO 8601, UTC. */
  since!: string;

  /** For what. */
  room!: RoomWantedDto[];
}

/** What a deploy waits for room for; null where it does not. */
export function waitsForRoomOf({ roomWanted, roomWantedSince }: DeployRow): WaitsForRoomDto | null {
  if (roomWanted === null || roomWantedSince === null) return null;
  const room = roomWanted.map(({ worker, count, each }) => {
    return { worker, count, memory_mb: each.memoryMb, cpus: each.cpus };
  });
  return { since: roomWantedSince.toISOString(), room };
}
