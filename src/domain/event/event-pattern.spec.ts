import { describe, expect, it } from 'vitest';
import { EVENT_KINDS, TOLD_KINDS } from './event-kind.js';
import { EVENT_PATTERNS, kindsOf, patternsOf } from './event-pattern.js';

describe('patterns of events', () => {
  it.each([
    ['*', TOLD_KINDS],
    ['run.*', ['run.created', 'run.started', 'run.ended']],
    ['host.*', ['host.cordoned', 'host.uncordoned', 'host.draining', 'host.lost', 'host.returned']],
    ['build.*', ['build.started', 'build.completed', 'build.failed']],
    ['deploy.failed', ['deploy.failed']],
    ['deploy', []],
    ['*.failed', []],
    ['', []],
  ])('%j names %j', (pattern, kinds) => expect(kindsOf(pattern)).toEqual(kinds));

  it('that name all leave the steps out, which have to be named', () => {
    expect(TOLD_KINDS).not.toContain('instance.started');
    expect(patternsOf('instance.started')).toEqual(['instance.started', 'instance.*']);
  });

  it.each(EVENT_KINDS)('those of %s are just the ones that name it', (kind) => {
    const naming = EVENT_PATTERNS.filter((pattern) => kindsOf(pattern).includes(kind));
    expect([...patternsOf(kind)].sort()).toEqual([...naming].sort());
  });
});
