import { describe, expect, it } from 'vitest';
import { MOST_PROCESS_TYPES, parseProcfile } from './parse-procfile.js';

const typesOf = (text: string) =>
  Object.fromEntries(parseProcfile(text).processTypes.map((each) => [each.name, each.command]));

describe('parseProcfile', () => {
  it('reads names and commands in their order', () => {
    expect(parseProcfile('web: bundle exec puma -C config/puma.rb\nworker:sidekiq\n').processTypes).toEqual([
      { name: 'web', command: 'bundle exec puma -C config/puma.rb' },
      { name: 'worker', command: 'sidekiq' },
    ]);
  });

  it('takes a command as it stands, colons, quotes and # included', () => {
    expect(typesOf(`web: env A="b: c" ./run # 8080`)).toEqual({ web: 'env A="b: c" ./run # 8080' });
  });

  it('takes line ends of any kind, a byte order mark and white space at the end', () => {
    expect(typesOf('\uFEFFweb: one  \r\nclock_2: two\rmy-worker:\tthree')).toEqual({
      web: 'one',
      clock_2: 'two',
      'my-worker': 'three',
    });
  });

  it('takes the last command of a name that comes twice', () => {
    expect(typesOf('web: one\nweb: two')).toEqual({ web: 'two' });
  });

  it('passes over empty lines and comments, and tells of lines that mean nothing', () => {
    expect(parseProcfile('\n# web: no\n  \nweb: yes\nnonsense\nno command:\n: nameless\nempty:')).toEqual({
      processTypes: [{ name: 'web', command: 'yes' }],
      strange: [5, 6, 7, 8],
    });
  });

  it('finds nothing in an empty file', () => {
    expect(parseProcfile('')).toEqual({ processTypes: [], strange: [] });
  });

  it('takes no more than a limit of types, and no endless command', () => {
    const many = Array.from({ length: MOST_PROCESS_TYPES + 5 }, (_, at) => `p${at}: run`).join('\n');
    expect(parseProcfile(many).processTypes).toHaveLength(MOST_PROCESS_TYPES);
    expect(parseProcfile(`web: ${'x'.repeat(5000)}`)).toEqual({ processTypes: [], strange: [1] });
  });
});
