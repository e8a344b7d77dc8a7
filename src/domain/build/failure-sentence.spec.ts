import { describe, expect, it } from 'vitest';
import { BUILD_FAILURES, failureSentence, hostLost, isMissingDockerfile } from './failure-sentence.js';

describe('failureSentence', () => {
  it('puts many lines into one', () => {
    expect(failureSentence('Step 2/3 : RUN make failed:\n\tmake: *** [all]\r\n Error 2\n')).toBe(
      'Step 2/3 : RUN make failed: make: *** [all] Error 2',
    );
  });

  it('cuts what is too long for a list, and shows that it did', () => {
    const sentence = failureSentence('x'.repeat(2_000));
    expect(sentence).toHaveLength(500);
    expect(sentence.endsWith('…')).toBe(true);
    expect(failureSentence('x'.repeat(500))).toBe('x'.repeat(500));
  });

  it('says something even where nothing was said', () => {
    expect(failureSentence(' \n ')).not.toBe('');
  });

  it('keeps the sentences of its own in one line', () => {
    for (const sentence of [...Object.values(BUILD_FAILURES), hostLost('h3', 'it is off')])
      expect(failureSentence(sentence)).toBe(sentence);
  });
});

describe('isMissingDockerfile', () => {
  it("knows Docker's words for it, and no others", () => {
    expect(isMissingDockerfile('host h1 could not build x: Cannot locate specified Dockerfile: Dockerfile')).toBe(true);
    expect(isMissingDockerfile('COPY failed: file not found in build context: stat Dockerfile.prod')).toBe(false);
  });
});
