import { describe, expect, it } from 'vitest';
import type { DeployKind } from './deploy-lifecycle.js';
import { nextInQueue } from './next-in-queue.js';

const queue = (...kinds: DeployKind[]) => kinds.map((kind, at) => ({ id: at + 1, kind }));
const idsOf = (kinds: DeployKind[], latestWins: boolean) => {
  const { next, superseded } = nextInQueue(queue(...kinds), latestWins);
  return [next?.id ?? null, superseded.map(({ id }) => id)];
};

describe('nextInQueue', () => {
  it('is nobody where nobody waits', () => {
    expect(idsOf([], true)).toEqual([null, []]);
    expect(idsOf([], false)).toEqual([null, []]);
  });

  it('is the oldest where all run in order', () => {
    expect(idsOf(['deploy', 'config', 'deploy'], false)).toEqual([1, []]);
  });

  it.each<[DeployKind[], number, number[]]>([
    [['deploy', 'deploy', 'promotion'], 3, [1, 2]],
    [['config', 'config'], 2, [1]],
    [['deploy', 'config'], 1, [2]],
    [['config', 'deploy'], 2, [1]],
    [['deploy', 'config', 'deploy', 'config'], 3, [1, 2, 4]],
    [['rollback', 'config'], 1, []],
    [['deploy', 'rollback', 'config'], 2, [1]],
  ])('of %j is %s where the latest wins', (kinds, next, superseded) => {
    expect(idsOf(kinds, true)).toEqual([next, superseded]);
  });
});
