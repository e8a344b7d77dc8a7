import { describe, expect, it } from 'vitest';
import { BUILD_ARGS, buildArgsFault, buildContradictions, type BuildSettings } from './build-setting-faults.js';

const SETTINGS: BuildSettings = {
  buildMethod: 'auto',
  buildTarget: null,
  buildArgs: {},
  builderImage: null,
};

const contradictions = (change: Partial<BuildSettings>) =>
  Object.fromEntries(buildContradictions({ ...SETTINGS, ...change }).map(({ field, message }) => [field, message]));

describe('buildArgsFault', () => {
  it('lets names and texts through, empty ones too', () => {
    expect(buildArgsFault({ RUBY_VERSION: '3.3', _empty: '' })).toBeNull();
    expect(buildArgsFault({})).toBeNull();
  });

  it.each([
    ['text', 'a map of build arguments'],
    [['A=1'], 'a map of build arguments'],
    [{ '1A': 'x' }, '"1A"'],
    [{ 'A B': 'x' }, 'no name'],
    [{ A: 3 }, 'no text for "A"'],
    [{ A: null }, 'no text for "A"'],
    [{ A: 'a\u0000' }, 'no text for "A"'],
    [{ A: 'x'.repeat(BUILD_ARGS.longestValue + 1) }, 'at most 2048'],
    [{ BUILDKIT_SYNTAX: 'evil/frontend' }, 'for Jockey to set'],
    [Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`A${at}`, 'x'])), 'at most 50'],
    [Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`A${at}`, 'x'.repeat(2000)])), 'all arguments together'],
  ])('refuses %j', (args, words) => {
    expect(buildArgsFault(args)).toContain(words);
  });
});

describe('buildContradictions', () => {
  it('are none where settings fit one another', () => {
    expect(contradictions({})).toEqual({});
    expect(contradictions({ buildTarget: 'app', buildArgs: { A: '1' } })).toEqual({});
    expect(contradictions({ buildMethod: 'cnb', builderImage: 'builder:1' })).toEqual({});
  });

  it('are a builder image with nothing that says by which contract it builds', () => {
    expect(contradictions({ builderImage: 'builder:1' })).toHaveProperty('builder_image');
    expect(contradictions({ builderImage: 'builder:1', buildMethod: 'dockerfile' })).toHaveProperty('builder_image');
  });

  it('are settings of a Dockerfile with buildpacks, all of them at once', () => {
    expect(
      Object.keys(contradictions({ buildMethod: 'buildstep', buildTarget: 'app', buildArgs: { A: '1' } })),
    ).toEqual(['build_target', 'build_args']);
  });
});
