import { describe, expect, it } from 'vitest';
import { html } from './html.js';
import { ago, lasting, moment } from './words.js';

describe('lasting', () => {
  it.each<[number, string]>([
    [-3, '0 s'],
    [0.04, '0 s'],
    [0.44, '0.4 s'],
    [9.96, '10 s'],
    [59.4, '59 s'],
    [59.6, '1 min'],
    [185, '3 min 5 s'],
    [3600, '1 h'],
    [7810, '2 h 10 min'],
    [90_000, '1 d 1 h'],
  ])('of %d s is %s', (seconds, words) => expect(lasting(seconds)).toBe(words));
});

describe('ago', () => {
  it.each<[number, string]>([
    [-5, 'just now'],
    [59, '59 s ago'],
    [60, '1 min ago'],
    [7199, '1 h ago'],
    [172_800, '2 d ago'],
  ])('of %d s is %s', (seconds, words) => expect(ago(seconds)).toBe(words));
});

describe('moment', () => {
  it('says the whole time, too', () => {
    const said = moment('2026-11-21T03:36:12.345Z', new Date('2026-11-21T03:38:12.345Z'));
    expect(html`${said}`.text).toBe(
      '<time datetime="2026-11-21T03:36:12.345Z" title="2026-11-21 03:36:12 UTC">2 min ago</time>',
    );
  });
});
