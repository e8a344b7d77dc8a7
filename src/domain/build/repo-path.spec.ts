import { describe, expect, it } from 'vitest';
import { LONGEST_PATH, pathFromTop, repoPathFault } from './repo-path.js';

describe('repoPathFault', () => {
  it.each(['.', 'Dockerfile', 'services/api/Dockerfile', '.docker/web', 'a b/ü', '..a/b..', 'x/.git'])(
    'lets %j through',
    (path) => {
      expect(repoPathFault(path)).toBeNull();
    },
  );

  it.each([
    ['', '0 characters'],
    ['/etc/passwd', 'begins with /'],
    ['../other', 'leads out'],
    ['a/../../b', 'leads out'],
    ['a//b', 'empty part'],
    ['a/', 'empty part'],
    ['./a', 'empty part or a .'],
    ['a\\b', 'or a \\'],
    ['a\nb', 'control character'],
    ['.git/config', "Git's own"],
    ['x'.repeat(LONGEST_PATH + 1), 'characters'],
  ])('refuses %j and says why and what should be', (path, words) => {
    expect(repoPathFault(path)).toContain(words);
    expect(repoPathFault(path)).toContain('from the top of the repository');
  });
});

describe('pathFromTop', () => {
  it('calls what is in a folder by its path from the top', () => {
    expect(pathFromTop('a', 'b/Procfile')).toBe('a/b/Procfile');
    expect(pathFromTop('.', 'Procfile')).toBe('Procfile');
  });
});
