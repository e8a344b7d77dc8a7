import { describe, expect, it } from 'vitest';
import { parseRelease } from './parse-release.js';

describe('parseRelease', () => {
  it('finds the processes that a buildpack proposes', () => {
    const text = ['---', 'addons:', '  - x', 'default_process_types:', '  web: bin/serve -p $PORT', '  worker: work'];
    expect(parseRelease(text.join('\n'))).toEqual([
      { name: 'web', command: 'bin/serve -p $PORT' },
      { name: 'worker', command: 'work' },
    ]);
  });

  it('takes the quotes off, of names and commands', () => {
    const text = `default_process_types:\r\n  "web": "say \\"hi\\""\r\n  'x': 'it''s'\r\n`;
    expect(parseRelease(text)).toEqual([
      { name: 'web', command: 'say "hi"' },
      { name: 'x', command: "it's" },
    ]);
  });

  it('ends where the map ends', () => {
    expect(parseRelease('default_process_types:\n  web: a\nconfig_vars:\n  worker: b\n')).toEqual([
      { name: 'web', command: 'a' },
    ]);
  });

  it.each(['', 'nonsense', 'default_process_types: {}\n', 'default_process_types:\n', 'other:\n  web: a\n'])(
    'finds none in %j',
    (text) => expect(parseRelease(text)).toEqual([]),
  );
});
