import { describe, expect, it } from 'vitest';
import { DomainError } from '../kernel/errors.js';
import { LARGEST, mergeConfig, sameConfig } from './merge-config.js';

function fieldsOf(change: Record<string, unknown>): string[] {
  try {
    mergeConfig({}, change);
    return [];
  } catch (error) {
    if (error instanceof DomainError && error.code === 'record_invalid') return error.fields.map(({ field }) => field);
    throw error;
  }
}

describe('mergeConfig', () => {
  it('sets, keeps and removes, in alphabetical order', () => {
    const merged = mergeConfig({ B: '1', C: '2' }, { A: 'new', B: null, C: '' });
    expect(Object.entries(merged)).toEqual([
      ['A', 'new'],
      ['C', ''],
    ]);
  });

  it('leaves its input alone', () => {
    const current = Object.freeze({ A: '1' });
    mergeConfig(current, { A: null });
    expect(current).toEqual({ A: '1' });
  });

  it('takes names that objects have too', () => {
    const merged = mergeConfig({}, { constructor: 'a', toString: 'b' });
    expect(Object.entries(merged)).toEqual([
      ['constructor', 'a'],
      ['toString', 'b'],
    ]);
  });

  it('names every fault', () => {
    expect(fieldsOf({ '1A': 'x', 'A-B': 'x', '': 'x', A: 1, B: { C: 'x' }, D: 'a\u0000b', OK: 'x' })).toEqual([
      'config.1A',
      'config.A-B',
      'config.',
      'config.A',
      'config.B',
      'config.D',
    ]);
  });

  it('measures in bytes', () => {
    expect(fieldsOf({ A: 'x'.repeat(LARGEST.value) })).toEqual([]);
    expect(fieldsOf({ A: 'é'.repeat(LARGEST.value / 2 + 1) })).toEqual(['config.A']);
  });

  it('limits all variables together', () => {
    const many = Object.fromEntries([...Array(9).keys()].map((i) => [`A${i}`, 'x'.repeat(LARGEST.value - 10)]));
    expect(fieldsOf(many)).toEqual(['config']);
  });

  it('never shows a value', () => {
    expect(() => mergeConfig({}, { 'A-B': 'hunter2' })).not.toThrow(/hunter2/);
  });
});

describe('sameConfig', () => {
  it('compares names and values', () => {
    expect(sameConfig({ A: '1' }, { A: '1' })).toBe(true);
    expect(sameConfig({ A: '1' }, { A: '2' })).toBe(false);
    expect(sameConfig({ A: '1' }, {})).toBe(false);
    expect(sameConfig({}, { A: '1' })).toBe(false);
  });
});
