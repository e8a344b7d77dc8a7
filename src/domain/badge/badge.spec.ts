import { describe, expect, it } from 'vitest';
import { badgeOf, type BadgeFacts } from './badge.js';
import { badgeSvg } from './badge-svg.js';

const RELEASE = { name: 'v4', sha: 'a'.repeat(40) };
const rref = 'b'.repeat(40);
const NOTHING: BadgeFacts = { app: 'sample', environment: 'production', release: null, deploy: null };

describe('a badge', () => {
  it.each<[string, Partial<BadgeFacts>, string]>([
    ['before the first deploy', {}, 'not deployed'],
    ['of a release', { release: RELEASE, deploy: { state: 'deployed', outcome: 'succeeded', rref } }, 'v4 aaaaaaa'],
    ['while it deploys', { release: RELEASE, deploy: { state: 'building', outcome: null, rref } }, 'deploying bbbbbbb'],
    [
      'after a failure',
      { release: RELEASE, deploy: { state: 'failed', outcome: 'reverted', rref } },
      'v4 aaaaaaa, last failed',
    ],
    ['after a failure of the first', { deploy: { state: 'failed', outcome: 'timed_out', rref } }, 'failed'],
    ['after a cancel', { release: RELEASE, deploy: { state: 'failed', outcome: 'canceled', rref } }, 'v4 aaaaaaa'],
  ])('%s', (_, facts, message) => {
    expect(badgeOf({ ...NOTHING, ...facts })).toMatchObject({ label: 'sample production', message });
  });

  it('says by its colour how it stands', () => {
    const deploys = [null, 'building', 'failed', 'deployed'] as const;
    const colors = deploys.map((state) => {
      const deploy = state === null ? null : { state, outcome: null, rref };
      return badgeOf({ ...NOTHING, release: state === 'deployed' ? RELEASE : null, deploy }).color;
    });
    expect(new Set(colors).size).toBe(4);
  });

  it('is drawn with a title, and as wide as its texts', () => {
    const svg = badgeSvg({ label: 'ab', message: 'cde', color: '#2a7f3f' });
    expect(svg).toContain('<title>ab: cde</title>');
    expect(svg).toContain('width="57"');
    expect(svg).toContain('fill="#2a7f3f"');
  });

  it('lets no text become a part of the drawing', () => {
    const svg = badgeSvg({ label: `<script>"'&\u0007`, message: '</text>', color: '#2a7f3f' });
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;&quot;&#39;&amp;</text>');
    expect(svg.match(/<\/text>/g)).toHaveLength(2);
  });
});
