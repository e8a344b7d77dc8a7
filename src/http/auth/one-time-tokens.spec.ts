import { afterEach, describe, expect, it, vi } from 'vitest';
import { BOOTSTRAP_CALLER } from '../../domain/access/caller.js';
import { OneTimeTokens } from './one-time-tokens.js';

describe('OneTimeTokens', () => {
  afterEach(() => vi.useRealTimers());

  it('lets in once', async () => {
    const tokens = new OneTimeTokens();
    const token = tokens.tokenFor(BOOTSTRAP_CALLER);
    expect(tokens.reads(token)).toBe(true);
    expect(await tokens.callerOf(token)).toBe(BOOTSTRAP_CALLER);
    expect(await tokens.callerOf(token)).toBeNull();
  });

  it('knows no other, and none that is old', async () => {
    vi.useFakeTimers();
    const tokens = new OneTimeTokens();
    const token = tokens.tokenFor(BOOTSTRAP_CALLER);
    expect(await tokens.callerOf('once_guess')).toBeNull();
    vi.advanceTimersByTime(10_001);
    expect(await tokens.callerOf(token)).toBeNull();
  });
});
