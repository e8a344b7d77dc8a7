import { describe, expect, it } from 'vitest';
import { lifecycleExit } from './lifecycle-exit.js';

describe('lifecycleExit', () => {
  it('has nothing to say of success', () => expect(lifecycleExit(0)).toBeNull());

  it.each([
    [11, 'platform API'],
    [12, 'buildpack API'],
    [20, 'no buildpack of the builder image recognises the app (exit code 20)'],
    [21, 'at least one broke'],
    [25, 'which buildpacks fit'],
    [34, 'look at the registry'],
    [40, 'cache'],
    [51, 'a buildpack failed to build the app'],
    [59, 'could not run the buildpacks'],
    [62, 'not push it'],
    [137, 'killed'],
  ])('says what %i means', (code, words) => {
    expect(lifecycleExit(code)).toContain(words);
    expect(lifecycleExit(code)).toContain(`(exit code ${code})`);
  });

  it.each([1, 10, 13, 19, 70, 99, 255])('calls %i a failure and no more', (code) =>
    expect(lifecycleExit(code)).toBe(`the lifecycle failed (exit code ${code})`),
  );
});
