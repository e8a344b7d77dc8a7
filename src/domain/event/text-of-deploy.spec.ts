import { describe, expect, it } from 'vitest';
import { textOfDeploy } from './text-of-deploy.js';

describe('textOfDeploy', () => {
  it.each([
    ['deploy.deploying', {}, 'Deploy 7: its containers are being started.', false],
    ['deploy.paused', { paused_because: 'One of two is well.' }, 'Deploy 7 is paused. One of two is well.', false],
    ['deploy.deployed', { outcome: 'succeeded' }, 'Deploy 7 is deployed.', true],
    [
      'deploy.failed',
      { outcome: 'build_failed', failure_reason: 'npm exited with 1.' },
      'Deploy 7 failed (build failed). npm exited with 1.',
      true,
    ],
    ['deploy.failed', {}, 'Deploy 7 failed.', true],
  ] as const)('%s %j', (kind, data, text, isEnd) => {
    expect(textOfDeploy({ kind, subjectId: '7', data })).toEqual({ text, isEnd });
  });

  it.each(['deploy.created', 'deploy.stopped', 'build.failed'] as const)('says nothing of %s', (kind) => {
    expect(textOfDeploy({ kind, subjectId: '7', data: {} })).toBeNull();
  });
});
