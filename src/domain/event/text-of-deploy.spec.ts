import { describe, expect, it } from 'vitest';
import { textOfDeploy } from './text-of-deploy.js';

describe('textOfDeploy', () => {
  it.each([
    { kind: 'deploy.deploying', data: {}, text: 'Deploy 7: its containers are being started.', isEnd: false },
    {
      kind: 'deploy.paused',
      data: { paused_because: 'One of two is well.' },
      text: 'Deploy 7 is paused. One of two is well.',
      isEnd: false,
    },
    { kind: 'deploy.deployed', data: { outcome: 'succeeded' }, text: 'Deploy 7 is deployed.', isEnd: true },
    {
      kind: 'deploy.failed',
      data: { outcome: 'build_failed', failure_reason: 'npm exited with 1.' },
      text: 'Deploy 7 failed (build failed). npm exited with 1.',
      isEnd: true,
    },
    { kind: 'deploy.failed', data: {}, text: 'Deploy 7 failed.', isEnd: true },
  ] as const)('$kind: $text', ({ kind, data, text, isEnd }) => {
    expect(textOfDeploy({ kind, subjectId: '7', data })).toEqual({ text, isEnd });
  });

  it.each(['deploy.created', 'deploy.stopped', 'build.failed'] as const)('says nothing of %s', (kind) => {
    expect(textOfDeploy({ kind, subjectId: '7', data: {} })).toBeNull();
  });
});
