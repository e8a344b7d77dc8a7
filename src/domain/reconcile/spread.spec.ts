import { expect, it } from 'vitest';
import { one, web } from '../../../test/factories/reconciles.js';
import { spreadOn } from './spread.js';

const missing = (deployId: string) => ({
  ...{ worker: web(1), slot: 1, deployId, attempt: 1, wave: 0, standby: false },
  ...{ onlyHost: null, predecessor: null, because: 'it is missing' },
});

it('only what stays counts for the spread: wanted, not failed, of the same deploy, on the same host', () => {
  const instances = [
    one(1),
    one(2, { state: 'planned' }),
    one(1, { workerId: '2' }),
    one(3, { host: 'h2' }),
    one(4, { desired: 'replace' }),
    one(5, { desired: 'stopped' }),
    one(6, { state: 'failed' }),
    one(7, { deployId: '9' }),
  ].map(({ instance }) => instance);
  expect([...spreadOn('h1', instances, [missing('1')])]).toEqual([
    ['1', 2],
    ['2', 1],
  ]);
  expect([...spreadOn('h1', instances, [missing('9')])]).toEqual([['1', 1]]);
  expect([...spreadOn('h1', instances, [])]).toEqual([]);
});
