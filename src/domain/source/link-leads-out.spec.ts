import { describe, expect, it } from 'vitest';
import { linkLeadsOut } from './link-leads-out.js';

describe('linkLeadsOut', () => {
  it.each([
    ['link', 'file', false],
    ['link', '../file', true],
    ['link', '..', true],
    ['a/link', '../file', false],
    ['a/link', '../../file', true],
    ['a/link', '../../a/file', true],
    ['a/link', './b/../../file', false],
    ['a/b/link', '../..', false],
    ['link', '/etc/passwd', false],
    ['link', 'a/../../b', true],
  ])('%s -> %s: %s', (path, target, expected) => {
    expect(linkLeadsOut(path, target)).toBe(expected);
  });
});
