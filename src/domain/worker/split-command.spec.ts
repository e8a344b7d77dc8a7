import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitCommand } from './split-command.js';

const word = fc.string({ minLength: 0, maxLength: 12 });

describe('splitCommand', () => {
  it.each([
    ['words apart', '/start web', ['/start', 'web']],
    ['any white space', '  a \t b\nc ', ['a', 'b', 'c']],
    ['nothing', '', []],
    ['only white space', ' \t\n', []],
    ['double quotes', 'a "b c" d', ['a', 'b c', 'd']],
    ['single quotes', "a 'b c' d", ['a', 'b c', 'd']],
    ['quotes within a word', 'a"b c"d', ['ab cd']],
    ['one kind of quote within the other', `"it's" '"x"'`, ["it's", '"x"']],
    ['empty words', `a "" '' b`, ['a', '', '', 'b']],
    ['an escaped space', 'a\\ b', ['a b']],
    ['an escaped quote', '\\"a', ['"a']],
    ['an escaped quote within double quotes', '"a\\"b"', ['a"b']],
    ['a backslash that escapes nothing within double quotes', '"a\\nb"', ['a\\nb']],
    ['a backslash within single quotes', "'a\\b'", ['a\\b']],
    [
      'what a shell would act on',
      'a;b | c $HOME `id` && d > e',
      ['a;b', '|', 'c', '$HOME', '`id`', '&&', 'd', '>', 'e'],
    ],
  ])('reads %s', (_what, command, words) => expect(splitCommand(command)).toEqual(words));

  it('gives back every word that was put in single quotes', () => {
    const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitCommand(words.map(quote).join(' '))).toEqual(words);
      }),
    );
  });

  it('gives back every word that was put in double quotes', () => {
    const quote = (text: string): string => `"${text.replace(/[\\"$`]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(splitCommand(words.map(quote).join(' '))).toEqual(words);
      }),
    );
  });

  it.each(['"a', "a 'b", '"a\\"'])('refuses %s: a quote is not closed, and says which', (command) => {
    expect(() => splitCommand(command)).toThrow(/^command has an opening ["'] without its closing one\.$/);
  });

  it('refuses a backslash at the end: it escapes nothing', () => {
    expect(() => splitCommand('a\\')).toThrow('command ends with a backslash');
  });
});
