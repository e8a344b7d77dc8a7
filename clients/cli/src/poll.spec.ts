import { describe, expect, it } from 'vitest';
import type { Context } from './context.js';
import { Given } from './given.js';
import { poll } from './poll.js';

/** A context that hears, and interrupts when it is told to. */
function scene(): { context: Context; told: string[]; interrupt: () => void; listens: () => boolean } {
  const told: string[] = [];
  let listener: (() => void) | null = null;
  const output = { progress: (text: string) => void told.push(text), warn: (text: string) => void told.push(text) };
  const onInterrupt = (heard: () => void): (() => void) => {
    listener = heard;
    return () => (listener = null);
  };
  return {
    context: { output, world: { onInterrupt } } as unknown as Context,
    told,
    interrupt: () => listener?.(),
    listens: () => listener !== null,
  };
}

const given = (timeout: string): Given => new Given({}, { timeout });

describe(poll, () => {
  it('ends when it is done, and tells what changes once', async () => {
    const { context, told, listens } = scene();
    const left = [0];
    const polled = {
      read: async () => left.shift() ?? 0,
      done: (seen: number) => seen === 0,
      progress: String,
      comeBack: 'status',
    };
    expect(await poll(context, given('5'), polled)).toEqual({ seen: 0, exit: 0 });
    expect([told, listens()]).toEqual([['0'], false]);
  });

  it('ends by 6 when its time is up, and says how to come back', async () => {
    const { context, told } = scene();
    const polled = { read: async () => 1, done: () => false, progress: String, comeBack: 'wait deploy 7' };
    expect(await poll(context, given('0'), polled)).toEqual({ seen: 1, exit: 6 });
    expect(told.at(-1)).toContain('jockey wait deploy 7');
  });

  it('ends by 130 at Ctrl-C, at once', async () => {
    const { context, interrupt } = scene();
    const read = (): Promise<number> => {
      setImmediate(interrupt);
      return Promise.resolve(1);
    };
    const polled = { read, done: () => false, progress: String, comeBack: 'status' };
    expect(await poll(context, given('600'), polled)).toEqual({ seen: 1, exit: 130 });
  });
});
