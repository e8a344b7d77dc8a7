import { describe, expect, it } from 'vitest';
import { type Block, blocksOf } from '../../tools/docs/pages/blocks.js';
import { notShown } from '../../tools/docs/pages/shown.js';

const read = (...lines: string[]): readonly Block[] => blocksOf({ path: 'docs/page.md', text: lines.join('\n') });

describe('the blocks of a page', () => {
  it('are found with language and line, in lists too', () => {
    const blocks = read('# Title', '', '```sh', 'echo a', '```', '', '- point', '', '  ```json', '  {}', '  ```');
    expect(blocks.map(({ language, line, code }) => [language, line, code])).toEqual([
      ['sh', 3, 'echo a\n'],
      ['json', 9, '{}\n'],
    ]);
  });

  it('are described by the comments right before them', () => {
    const [block] = read('<!-- before: A=1\nB=2 -->', '', '<!-- exits: 5 -->', '', '```sh', 'false', '```');
    expect(block).toMatchObject({ before: 'A=1\nB=2', exits: 5, notRun: null, shows: false });
  });

  it('follow a comment that describes one', () => {
    const comment = '<!-- not run: it needs a second machine -->';
    expect(() => read(comment, '', 'Words.', '', '```sh', 'false', '```')).toThrow('docs/page.md:3: the comment');
  });

  it('are not described by other comments', () => {
    const [block] = read('<!-- Generated; do not edit. -->', '', 'Words.', '', '```sh', 'false', '```');
    expect(block).toMatchObject({ notRun: null, before: '' });
  });

  it('say why they are not run', () => {
    const [block] = read('<!-- not run: it needs AWS -->', '', '```sh', 'aws', '```');
    expect(block?.notRun).toBe('it needs AWS');
  });
});

describe('a shown output', () => {
  const output = 'placed web 1 on h3\nweb 1 on h3: healthy\n{"id": "17", "sha": "e18cd2c1dcc3"}\n';

  it.each(['web 2 on h1: healthy', 'placed … healthy', '{ "id":"4",', '"sha": "0123456789ab"', 'web 1\n  on h3:'])(
    'may differ in numbers, shas, hosts and white space: %s',
    (shown) => {
      expect(notShown(shown, output)).toEqual([]);
    },
  );

  it.each(['web 1 on h3: ill', 'clock 1 on h3: healthy', '"id": 17'])('may not say something else: %s', (shown) => {
    expect(notShown(shown, output)).toEqual([shown]);
  });
});
