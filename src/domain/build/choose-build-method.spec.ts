import { describe, expect, it } from 'vitest';
import { type BuildFacts, chooseBuildMethod } from './choose-build-method.js';

const FACTS: BuildFacts = {
  choice: 'auto',
  dockerfile: { path: 'Dockerfile', found: false },
  builderImage: null,
  operator: { buildstep: null, cnb: null },
};

const choose = (change: Partial<BuildFacts>) => chooseBuildMethod({ ...FACTS, ...change });

const refusalOf = (change: Partial<BuildFacts>) => {
  const chosen = choose(change);
  return 'refusal' in chosen ? chosen.refusal : `chosen: ${chosen.method}`;
};

const BOTH = { buildstep: 'registry/buildstep:1', cnb: 'registry/cnb:1' };
const THERE = { path: 'deploy/Dockerfile', found: true };

describe('chooseBuildMethod', () => {
  it('takes the Dockerfile of the commit before any buildpacks, and names it', () => {
    expect(choose({ dockerfile: THERE, operator: BOTH })).toEqual({
      method: 'dockerfile',
      reason: 'the commit has the file deploy/Dockerfile',
      builderImage: null,
    });
  });

  it('takes buildpacks where there is no Dockerfile: those that detect first', () => {
    expect(choose({ operator: BOTH })).toMatchObject({ method: 'cnb', builderImage: 'registry/cnb:1' });
    expect(choose({ operator: { ...BOTH, cnb: null } })).toEqual({
      method: 'buildstep',
      reason: 'the commit has no file Dockerfile, and Jockey has a builder image for Buildstep: registry/buildstep:1',
      builderImage: 'registry/buildstep:1',
    });
  });

  it('lists all that was tried where nothing fits, with the settings that would help', () => {
    const refusal = refusalOf({ dockerfile: { path: 'a/Dockerfile', found: false } });
    for (const word of ['a/Dockerfile', 'CNB_BUILDER_IMAGE', 'BUILDSTEP_IMAGE', 'build_method', 'builder_image'])
      expect(refusal).toContain(word);
  });

  it('does as the app says, whatever the commit has', () => {
    expect(choose({ choice: 'buildstep', dockerfile: THERE, operator: BOTH })).toMatchObject({
      method: 'buildstep',
      builderImage: 'registry/buildstep:1',
    });
    expect(choose({ choice: 'cnb', dockerfile: THERE, operator: BOTH })).toMatchObject({ method: 'cnb' });
    expect(choose({ choice: 'dockerfile', dockerfile: THERE, operator: BOTH })).toMatchObject({ method: 'dockerfile' });
  });

  it("takes the app's builder image before the operator's", () => {
    expect(choose({ choice: 'cnb', builderImage: 'mine:2', operator: BOTH })).toEqual({
      method: 'cnb',
      reason: 'the app says build_method cnb and builder_image mine:2',
      builderImage: 'mine:2',
    });
  });

  it('refuses a Dockerfile that is not there rather than guess', () => {
    const refusal = refusalOf({ choice: 'dockerfile', operator: BOTH });
    expect(refusal).toContain('has no file Dockerfile');
    expect(refusal).toContain('build_method to auto');
  });

  it.each([
    ['cnb', 'CNB_BUILDER_IMAGE'],
    ['buildstep', 'BUILDSTEP_IMAGE'],
  ] as const)('refuses %s without a builder image, and says who can name one', (choice, setting) => {
    const operator = { ...BOTH, [choice]: null };
    const refusal = refusalOf({ choice, dockerfile: THERE, operator });
    expect(refusal).toContain(setting);
    expect(refusal).toContain('builder_image');
  });
});
