import { describe, expect, it } from 'vitest';
import type { EventStory } from './event-story.js';
import { sentencesOf } from './event-story.js';
import { slackMessageOf } from './slack-message.js';

const FAILED: EventStory = {
  id: '12',
  kind: 'deploy.failed',
  at: new Date('2026-11-21T03:36:00Z'),
  app: { id: '1', name: 'sample' },
  environment: { id: '2', name: 'production' },
  subject: 'deploy',
  subjectId: '7',
  data: { outcome: 'timed_out', rref: 'a'.repeat(40), failure_reason: 'web 1 on h1: no answer\nmore', by: 'octocat' },
};

const told = (change: Partial<EventStory>): string => sentencesOf({ ...FAILED, ...change }).what;

describe('the sentences of an event', () => {
  it('say what happened, and why in one line', () => {
    expect(sentencesOf(FAILED)).toEqual({
      what: 'Deploy 7 of sample in production (aaaaaaaaaaaa) failed (timed out)',
      why: 'web 1 on h1: no answer',
    });
  });

  it.each([
    [{ data: { outcome: 'canceled', failure_reason: 'canceled' } }, 'Deploy 7 of sample in production was canceled'],
    [{ data: { outcome: 'reverted', kind: 'rollback' } }, 'Rollback 7 of sample in production failed (reverted)'],
    [{ kind: 'build.failed', environment: null, data: {} } as const, 'Build 7 of sample failed'],
    [{ kind: 'reconcile.completed', app: null, data: {} } as const, 'Reconcile 7 of all apps in production is done'],
    [
      { kind: 'config.changed', data: { version: 3, names: ['A', 'B'] } } as const,
      'Config of sample in production is at version 3: A, B changed',
    ],
    [{ kind: 'release.created', data: { release: 'v4' } } as const, 'Release v4 of sample in production is current'],
    [
      { kind: 'host_pool.scaled', app: null, data: { stack: 'api', from_hosts: 2, to_hosts: 1 } } as const,
      'Host pool of api in production has 1 host instead of 2',
    ],
    [
      { kind: 'host_pool.trouble', app: null, data: { stack: 'api', reason: 'group g is gone' } } as const,
      'Host pool of api in production is in trouble',
    ],
    [
      { kind: 'push.received', environment: null, data: { ref: 'refs/heads/main', rref: 'b'.repeat(40) } } as const,
      'A push to refs/heads/main of sample came (bbbbbbbbbbbb)',
    ],
    [
      { kind: 'instance.failed', data: { worker: 'web', slot: 1, host: 'h1', cause: 'it ended' } } as const,
      'web 1 of sample in production on h1 failed',
    ],
    [
      { kind: 'route.changed', data: { worker: 'web', slot: 1, host: 'h1', change: 'removed' } } as const,
      'Traffic no longer goes to web 1 of sample in production on h1',
    ],
    [{ kind: 'host.lost', app: null, environment: null, subjectId: 'h2', data: {} } as const, 'Host h2 is lost'],
  ])('of %j are: %s', (change, expected) => expect(told(change)).toBe(expected));

  it('say why the size of a pool changed', () => {
    const data = { stack: 'api', from_hosts: 1, to_hosts: 2, reason: '3 instances wait for room' };
    expect(sentencesOf({ ...FAILED, kind: 'host_pool.scaled', app: null, data }).why).toBe('3 instances wait for room');
  });

  it('say why an instance failed', () => {
    const data = { worker: 'web', slot: 1, host: 'h1', cause: 'it ended with 1' };
    expect(sentencesOf({ ...FAILED, kind: 'instance.failed', data }).why).toBe('it ended with 1');
  });

  it('cut a long reason', () => {
    const { why } = sentencesOf({ ...FAILED, data: { failure_reason: 'x'.repeat(1_000) } });
    expect(why).toHaveLength(300);
  });
});

describe('a message for Slack', () => {
  it('holds what, why, by whom and a link', () => {
    const message = slackMessageOf(FAILED, 'https://jockey.example.com/');
    expect(message.text).toBe(
      'Deploy 7 of sample in production (aaaaaaaaaaaa) failed (timed out): web 1 on h1: no answer',
    );
    const blocks = JSON.stringify(message.blocks);
    expect(blocks).toContain('<https://jockey.example.com/deploys/7|deploys 7>');
    expect(blocks).toContain('by octocat');
    expect(JSON.stringify(slackMessageOf(FAILED, null).blocks)).not.toContain('|deploys');
  });

  it('lets nobody mention or link anything by what they name', () => {
    const evil = '<!channel> & <https://evil.example|click>';
    const message = JSON.stringify(slackMessageOf({ ...FAILED, data: { failure_reason: evil, by: evil } }, null));
    expect(message).not.toContain('<!');
    expect(message).not.toContain('<https');
    expect(message).toContain('&lt;!channel&gt; &amp; ');
  });
});
