import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import type { WaveNeed } from '../placement/place-waves.js';
import { judgeRoom, type RoomPool, type RoomRequest } from './judge-room.js';

const HOST = { memoryMb: 2048, cpus: 2 };
const POOL: RoomPool = {
  name: 'api in production',
  kind: 'auto_scaling_group',
  mode: 'automatic',
  max: 4,
  offer: HOST,
};

const webs = (count: number, memoryMb: number, waveOf: (slot: number) => number = () => 0): WaveNeed[] =>
  Array.from({ length: count }, (_, index) => ({
    need: need({ key: `web-${index + 1}`, slot: index + 1, group: '7', resources: { memoryMb, cpus: 0.1 } }),
    wave: waveOf(index + 1),
    onlyHost: null,
  }));

function judge(given: Partial<Omit<RoomRequest, 'pool'>> & { readonly pool?: Partial<RoomPool> }) {
  const { pool, ...rest } = given;
  return judgeRoom({ needs: [], leaving: [], hosts: [], ...rest, pool: { ...POOL, ...pool } });
}

describe('judgeRoom', () => {
  it('lets a rollout wait for the fewest hosts that make room for it', () => {
    expect(judge({ needs: webs(5, 1024), hosts: [candidate('h1')] })).toEqual({
      kind: 'wait',
      hosts: 2,
      wanted: [{ workerId: '7', worker: 'web', each: { memoryMb: 1024, cpus: 0.1 }, count: 5, needsTcpDocker: false }],
    });
  });

  it('lets it wait for the first host of an empty pool, also where nobody knows what a host offers', () => {
    expect(judge({ needs: webs(1, 1024) })).toMatchObject({ kind: 'wait', hosts: 1 });
    expect(judge({ needs: webs(1, 1024), pool: { offer: null } })).toMatchObject({ kind: 'wait', hosts: 1 });
  });

  it('takes those that are there for what a new one offers, where nobody says it', () => {
    const hosts = [candidate('h1', { reserved: HOST })];
    expect(judge({ needs: webs(3, 2048), hosts, pool: { offer: null } })).toMatchObject({ hosts: 3 });
  });

  it.each([
    [
      'an instance is bigger than an empty host',
      { needs: webs(1, 4096), hosts: [candidate('h1')] },
      'each instance of web needs 4096 MB and 0.1 CPUs, and an empty host of the pool of api in production has 2048 MB and 2 CPUs',
    ],
    [
      'the pool has all the hosts that it may have',
      { needs: webs(1, 2048), hosts: [candidate('h1', { reserved: HOST })], pool: { max: 1 } },
      'the pool of api in production has 1 host, as many as it may have, and they are too full',
    ],
    [
      'as many hosts as may come are not enough',
      { needs: webs(9, 2048), hosts: [candidate('h1')] },
      'the pool of api in production may have at most 4 hosts, and with all of them there would not be room either',
    ],
    [
      'scaling is only advice',
      { needs: webs(2, 2048), hosts: [candidate('h1')], pool: { mode: 'advice' } },
      '1 host more would make room, but the pool of api in production is scaled by advice alone',
    ],
    [
      'operators register the hosts',
      { needs: webs(3, 2048), hosts: [candidate('h1')], pool: { kind: 'static', max: 0 } },
      '2 hosts more would make room, but the pool of api in production is static: operators register its hosts',
    ],
  ] as const)('refuses at once where %s', (_why, given, because) => {
    expect(judge(given)).toEqual({ kind: 'refuse', because });
  });

  it('counts no host that takes nothing as one of those that may be', () => {
    const hosts = [candidate('h1', { cordoned: true }), candidate('h2', {}, { healthy: false })];
    expect(judge({ needs: webs(1, 2048), hosts, pool: { max: 1 } })).toMatchObject({ kind: 'wait', hosts: 1 });
  });

  it('asks for what a rollout needs at its fullest, less what it makes free on the way', () => {
    const leaving = [1, 2, 3, 4].map((slot) => ({
      host: 'h1',
      resources: { memoryMb: 512, cpus: 0.1 },
      afterWave: slot,
    }));
    const hosts = [candidate('h1', { reserved: { memoryMb: 2048, cpus: 0.4 } })];
    const verdict = judge({ needs: webs(4, 512, (slot) => slot), leaving, hosts });
    expect(verdict).toMatchObject({ kind: 'wait', hosts: 1, wanted: [{ count: 1 }] });
  });

  it('asks for all of it where the free room is in pieces that only seem enough', () => {
    const leaving = [1, 2, 3].map((slot) => ({ host: 'h2', resources: { memoryMb: 512, cpus: 0.1 }, afterWave: slot }));
    const hosts = [
      candidate('h1', { reserved: { memoryMb: 1536, cpus: 0 } }),
      candidate(
        'h2',
        { capacity: { memoryMb: 1536, cpus: 2 }, reserved: { memoryMb: 1536, cpus: 0.3 } },
        { healthy: false },
      ),
    ];
    expect(judge({ needs: webs(3, 512, (slot) => slot), leaving, hosts })).toMatchObject({ wanted: [{ count: 3 }] });
  });
});
