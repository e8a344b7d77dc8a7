import { describe, expect, it } from 'vitest';
import { readCommandLine } from './words.js';

const VERBS = ['apps', 'apps:create', 'config', 'config:set', 'status', 'run'];

describe(readCommandLine, () => {
  it.each([
    [['apps'], { verb: 'apps', words: [] }],
    [['apps:create', 'shop'], { verb: 'apps:create', words: ['shop'] }],
    [['apps', 'create', 'shop'], { verb: 'apps:create', words: ['shop'] }],
    [['config', 'A=1'], { verb: 'config', words: ['A=1'] }],
    [['-a', 'shop', '--json', 'config', 'set', 'A=1'], { verb: 'config:set', words: ['-a', 'shop', '--json', 'A=1'] }],
    [['--app=shop', 'status'], { verb: 'status', words: ['--app=shop'] }],
    [['run', 'ls', '-l'], { verb: 'run', words: ['ls', '-l'] }],
    [['--version'], { verb: null, words: ['--version'] }],
    [[], { verb: null, words: [] }],
  ])('reads %j', (line, read) => {
    expect(readCommandLine(line, VERBS)).toEqual(read);
  });

  it.each([
    [['statsu'], 'Did you mean `jockey status`?'],
    [['app'], 'Did you mean `jockey apps`?'],
    [['confgi', 'set'], 'Did you mean `jockey config`?'],
    [['frobnicate'], '`jockey help` lists the verbs.'],
  ])('names the nearest for %j', (line, hint) => {
    expect(() => readCommandLine(line, VERBS)).toThrow(expect.objectContaining({ hint, exitCode: 1 }));
  });
});
