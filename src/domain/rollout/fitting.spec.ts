import { describe, expect, it } from 'vitest';
import { aSpec } from '../../../test/factories/instances.js';
import { planned } from '../../../test/factories/rollouts.js';
import { fittingOf } from './fitting.js';

const room = (memoryMb: number, cpus = 10) => new Map([['h1', { memoryMb, cpus }]]);
const each = (slot: number, patch = {}) => planned(slot, { id: `i${slot}`, ...patch }).instance;
const fitting = (...given: Parameters<typeof fittingOf>) => [...fittingOf(...given)].sort();

describe('fittingOf', () => {
  it('is as many as there is room for, the first waves first', () => {
    const planned = [each(3, { wave: 2 }), each(2, { wave: 1 }), each(1)];
    expect(fitting(planned, room(192))).toEqual(['i1', 'i2', 'i3']);
    expect(fitting(planned, room(191))).toEqual(['i1', 'i2']);
    expect(fitting(planned, room(0))).toEqual([]);
  });

  it('keeps the room of an earlier wave of any worker', () => {
    const slow = each(1, { id: 'slow', workerId: '2', wave: 1 });
    const quick = each(1, { id: 'quick', workerId: '1', wave: 5 });
    expect(fitting([quick, slow], room(64))).toEqual(['slow']);
  });

  it('does not let a small one past a big one of an earlier wave', () => {
    const big = { ...each(1), spec: aSpec({ resources: { memoryMb: 128, cpus: 0.1 } }) };
    expect(fitting([big, each(2, { wave: 1 })], room(127))).toEqual([]);
  });

  it('counts cores to the millionth: what adds up exactly fits', () => {
    const three = [1, 2, 3].map((slot) => each(slot));
    expect(fitting(three, room(1_000, 0.3))).toEqual(['i1', 'i2', 'i3']);
    expect(fitting(three, room(1_000, 0.29))).toEqual(['i1', 'i2']);
  });

  it('counts each host by itself, and does not ask one that it knows nothing of', () => {
    expect(fitting([each(1, { host: 'h2' }), each(2)], room(0))).toEqual(['i1']);
  });
});
