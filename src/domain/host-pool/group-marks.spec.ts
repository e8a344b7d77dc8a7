import { describe, expect, it } from 'vitest';
import { DRAIN_HOOK, INSTALLATION_TAG, isMadeFor, isOfAnother, marksOf } from './group-marks.js';

const OWNER = { installationId: 'here', stack: 'api', environment: 'production' };

describe('the marks of a group', () => {
  it('say whose it is and for what', () => {
    expect(marksOf(OWNER)).toMatchObject({
      hook: DRAIN_HOOK,
      tags: { 'jockey:installation': 'here', 'jockey:stack': 'api', 'jockey:environment': 'production' },
    });
  });

  it('tell another Jockey from this one, and from nobody', () => {
    expect(isOfAnother({ [INSTALLATION_TAG]: 'there' }, 'here')).toBe(true);
    expect(isOfAnother({ [INSTALLATION_TAG]: 'here' }, 'here')).toBe(false);
    expect(isOfAnother({ Name: 'web' }, 'here')).toBe(false);
  });

  it('are those of a group that was made for one stack in one environment, whatever else it is marked with', () => {
    const { tags } = marksOf(OWNER);
    expect(isMadeFor({ ...tags, Name: 'web' }, OWNER)).toBe(true);
    expect(isMadeFor(tags, { ...OWNER, environment: 'staging' })).toBe(false);
    expect(isMadeFor({}, OWNER)).toBe(false);
  });
});
