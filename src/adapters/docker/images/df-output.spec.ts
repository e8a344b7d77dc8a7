import { describe, expect, it } from 'vitest';
import { freeBytesOf } from './df-output.js';

const HEAD = 'Filesystem           1024-blocks    Used Available Capacity Mounted on';

describe('freeBytesOf', () => {
  it('reads what is free', () => {
    expect(freeBytesOf([HEAD, 'overlay               65792556  26110404  36307340  42% /'])).toBe(36_307_340 * 1024);
    expect(freeBytesOf([HEAD, 'overlay 100 100 0 100% /'])).toBe(0);
  });

  it.each([[[]], [[HEAD]], [['df: not found']], [[HEAD, 'overlay - - - - /']]])('does not know by %j', (lines) =>
    expect(freeBytesOf(lines)).toBeNull(),
  );
});
