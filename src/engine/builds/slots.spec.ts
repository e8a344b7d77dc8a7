import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

const never = new AbortController().signal;

describe('Slots', () => {
  it('lets so many work side by side, and the others in turn', async () => {
    const slots = new Slots(2);
    const order: number[] = [];
    const work = [1, 2, 3, 4].map((number) => slots.take(never).then(() => order.push(number)));
    await Promise.all(work.slice(0, 2));
    expect(order).toEqual([1, 2]);
    slots.give();
    await work[2];
    slots.give();
    await work[3];
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('lets nobody in who has left', async () => {
    const slots = new Slots(1);
    await slots.take(never);
    const stop = new AbortController();
    const left = slots.take(stop.signal);
    const next = slots.take(never);
    stop.abort();
    expect(await left).toBe(false);
    slots.give();
    expect(await next).toBe(true);
    expect(await slots.take(AbortSignal.abort())).toBe(false);
  });

  it('has room again when all was given back', async () => {
    const slots = new Slots(1);
    await slots.take(never);
    slots.give();
    expect(await slots.take(never)).toBe(true);
  });
});
