import { describe, expect, it } from 'vitest';
import { redactor } from '../../../domain/config-set/redact.js';
import { plainWords, solveFailure } from './solve-failure.js';

const step = (name: string, error: string, lastLines: readonly string[] = []) => ({ name, error, lastLines });

function sentence(fault: Partial<Parameters<typeof solveFailure>[0]>) {
  return solveFailure({ dockerfile: 'Dockerfile', step: null, words: '', redact: redactor([]), ...fault });
}

describe('solveFailure', () => {
  it('names step, code, command and the last lines, without their colours', () => {
    const last = ['\u001b[31merror: no rule\u001b[0m', '  make: *** [all] Error 2'];
    const error = 'executor failed running [/bin/sh -c make]: exit code: 2';
    expect(sentence({ step: step('[7/9] RUN make', error, last) })).toBe(
      'step 7 of 9 failed with exit code 2: RUN make; its last lines: error: no rule / make: *** [all] Error 2',
    );
  });

  it('reads the words of newer engines too, and names the stage', () => {
    const error = 'process "/bin/sh -c make" did not complete successfully: exit code: 1';
    expect(sentence({ step: step('[build  2/3] RUN make', error) })).toBe(
      'step 2 of 3 of stage build failed with exit code 1: RUN make; it printed nothing',
    );
  });

  it('reads numbers that BuildKit put below each other', () => {
    expect(sentence({ step: step('[ 7/12] RUN x', 'exit code: 1') })).toMatch(/^step 7 of 12 failed/);
    expect(sentence({ step: step('[build  7/12] RUN x', 'exit code: 1') })).toMatch(
      /^step 7 of 12 of stage build failed/,
    );
  });

  it('shows the end of long lines and the beginning of a long command', () => {
    const name = `[1/1] RUN ${'a'.repeat(200)}`;
    const text = sentence({ step: step(name, 'exit code: 1', ['b'.repeat(500) + ' the end']) }) ?? '';
    expect(text).toMatch(/^step 1 of 1 failed with exit code 1: RUN a{95}…; its last lines: …b+ the end$/);
    expect(text.length).toBeLessThan(500);
  });

  it('takes secrets out before it cuts', () => {
    const redact = redactor([{ name: 'TOKEN', value: 's3cret-of-the-build' }]);
    const failed = step('[1/1] RUN x', 'exit code: 1', [`s3cret-of-the-build${'b'.repeat(290)}`]);
    expect(sentence({ step: failed, redact })).not.toContain('build');
  });

  it('gives the words of a step that ran no program', () => {
    const error = 'failed to compute cache key: "/x" not found: not found';
    expect(sentence({ step: step('[1/2] COPY x /', error) })).toBe(`step 1 of 2 failed: COPY x /: ${error}`);
  });

  it('knows a Dockerfile that is not there, and not a file of a step that is not', () => {
    const words =
      'failed to solve: failed to read dockerfile: open /x/buildkit-mount1/prod/Dockerfile: no such file or directory';
    expect(sentence({ dockerfile: 'prod/Dockerfile', words })).toBe(
      'Cannot locate specified Dockerfile: prod/Dockerfile',
    );
    expect(sentence({ words: 'failed to compute cache key: no such file' })).toBeNull();
  });

  it('names the base image that cannot be had', () => {
    const failed = step('[internal] load metadata for r/base:1', 'pull access denied');
    expect(sentence({ step: failed })).toBe('the base image r/base:1 cannot be had: pull access denied');
  });
});

describe('plainWords', () => {
  it('takes off what BuildKit puts before its words, and the folders of the host', () => {
    const words =
      'failed to solve with frontend dockerfile.v0: failed to create LLB definition: dockerfile parse error';
    expect(plainWords(words)).toBe('dockerfile parse error');
    expect(plainWords('rpc error: code = Unknown desc = open /tmp/h/buildkit-mount77/x: odd')).toBe('open /x: odd');
  });
});
