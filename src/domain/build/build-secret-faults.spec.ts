import { describe, expect, it } from 'vitest';
import { BUILD_SECRETS, buildSecretFaults } from './build-secret-faults.js';

const faults = (change: Record<string, unknown>, now: readonly string[] = []) =>
  buildSecretFaults(now, change).map(({ field, message }) => `${field} ${message}`);

describe('buildSecretFaults', () => {
  it('are none for names of mounts, texts of many lines, and null', () => {
    expect(
      faults({ NPM_TOKEN: 'hunter2', 'aws-creds': '[default]\nkey = 1\n', '0.netrc': 'öäü€', gone: null }),
    ).toEqual([]);
  });

  it.each([
    [{ '-x': 'hunter2' }, 'secrets.-x is no name'],
    [{ 'a,src=/etc/passwd': 'hunter2' }, 'is no name'],
    [{ '../x': 'hunter2' }, 'is no name'],
    [{ A: 42 }, 'secrets.A should be text'],
    [{ A: '' }, 'Say null'],
    [{ A: 'abc' }, 'at least 4'],
    [{ A: 'a\u0000bc' }, 'NUL'],
    [{ A: '€'.repeat(BUILD_SECRETS.largest / 3 + 1) }, `at most ${BUILD_SECRETS.largest}`],
  ])('says what is wrong with %j, and shows no value', (change, words) => {
    const [fault = ''] = faults(change);
    expect(fault).toContain(words);
    expect(fault).not.toContain('hunter2');
  });

  it('counts those that stay, and not those that go', () => {
    const full = Array.from({ length: BUILD_SECRETS.most }, (_, at) => `S${at}`);
    expect(faults({ NEW: 'hunter2' }, full)).toEqual([expect.stringContaining('would be 51')]);
    expect(faults({ NEW: 'hunter2', S0: null }, full)).toEqual([]);
    expect(faults({ S0: 'hunter2' }, full)).toEqual([]);
  });
});
