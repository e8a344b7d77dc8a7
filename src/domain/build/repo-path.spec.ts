import { describe, expect, it } from 'vitest';
import { LONGEST_PATH, pathFromTop, pathWithin, repoPathFault } from './repo-path.js';

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

describe('a path within a folder', () => {
  it('is called without it there, and with it from the top', () => {
    expect(pathWithin('.', 'a/Dockerfile')).toBe('a/Dockerfile');
    expect(pathWithin('a', 'a/b/Dockerfile')).toBe('b/Dockerfile');
    expect(pathFromTop('a', 'b/Dockerfile')).toBe('a/b/Dockerfile');
    expect(pathFromTop('.', 'Procfile')).toBe('Procfile');
  });

  it('is none where it only begins alike', () => {
    expect(pathWithin('a', 'ab/Dockerfile')).toBeNull();
    expect(pathWithin('a', 'Dockerfile')).toBeNull();
  });
});
