import { describe, expect, it } from 'vitest';
import { ExpiringMap } from './expiring-map.js';

describe('ExpiringMap', () => {
  it('keeps a value until its moment, and not in it', () => {
    let now = 0;
    const map = new ExpiringMap<string>(5, () => now);
    map.keep('a', 'A', 10);
    now = 9;
    expect(map.get('a')).toBe('A');
    now = 10;
    expect(map.get('a')).toBeUndefined();
    now = 9;
    expect(map.get('a')).toBeUndefined();
  });

  it('lets the oldest go where there are too many, and counts a value kept anew as new', () => {
    const map = new ExpiringMap<number>(2, () => 0);
    map.keep('a', 1, 10);
    map.keep('b', 2, 10);
    map.keep('a', 3, 10);
    map.keep('c', 4, 10);
    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 4]);
  });
});
