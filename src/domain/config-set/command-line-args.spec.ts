import { describe, expect, it } from 'vitest';
import { commandLineArgs } from './command-line-args.js';

describe('commandLineArgs', () => {
  it('is empty without variables', () => expect(commandLineArgs({})).toBe(''));

  it('begins each with a space, in alphabetical order', () => {
    expect(commandLineArgs({ RACK_ENV: 'production', PORT: '8888' })).toBe(' -e PORT="8888" -e RACK_ENV="production"');
  });

  it.each([
    ['say "hi"', ' -e A="say \\"hi\\""'],
    ['$HOME', ' -e A="\\$HOME"'],
    ['`id`', ' -e A="\\`id\\`"'],
    ['a\\b', ' -e A="a\\\\b"'],
    ["it's", ` -e A="it's"`],
  ])('escapes %j', (value, expected) => expect(commandLineArgs({ A: value })).toBe(expected));
});
