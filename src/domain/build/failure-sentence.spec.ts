import { describe, expect, it } from 'vitest';
import { DomainError, unavailable } from '../kernel/errors.js';
import {
  badEndOf,
  BUILD_FAILURES,
  canceledSentence,
  failureSentence,
  hostLost,
  isHostSilent,
  isMissingDockerfile,
  supersededSentence,
  tookTooLong,
} from './failure-sentence.js';

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

describe('isHostSilent', () => {
  it('knows the host that does not answer from its neighbours, and from one that answers no', () => {
    const silent = unavailable('Docker on host h1 (http://10.0.0.1:2375)', 'could not build: connect ECONNREFUSED');
    expect(isHostSilent(silent, 'h1')).toBe(true);
    expect(isHostSilent(silent, 'h')).toBe(false);
    expect(isHostSilent(unavailable('Docker on host h12', 'no'), 'h1')).toBe(false);
    expect(isHostSilent(new DomainError('unavailable', 'the connection to host h1'), 'h1')).toBe(true);
    expect(isHostSilent(unavailable('The Git server of a/b', 'no'), 'h1')).toBe(false);
    expect(isHostSilent(new DomainError('unprocessable_entity', 'host h1 could not build'), 'h1')).toBe(false);
  });
});

describe('the end of a build that brought no image', () => {
  it('is told in one sentence to who waited for it', () => {
    const end = (outcome: 'failed' | 'canceled' | 'superseded' | 'timed_out', reason: string) =>
      badEndOf({ id: '7', outcome }, reason);
    expect(end('failed', 'make: Error 2')).toBe('build 7 failed: make: Error 2');
    expect(end('canceled', canceledSentence(null))).toBe('build 7 was canceled');
    expect(end('canceled', canceledSentence('wrong branch'))).toBe('build 7 was canceled: wrong branch');
    expect(end('superseded', supersededSentence('9', 'main'))).toBe(
      'build 7 was superseded by build 9, a newer commit of main',
    );
    expect(end('timed_out', tookTooLong(1))).toBe(
      'build 7 failed: the build took longer than 1 minute, which is its limit',
    );
  });
});
