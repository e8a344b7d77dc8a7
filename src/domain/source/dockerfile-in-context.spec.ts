import { describe, expect, it } from 'vitest';
import { cleanPath, dockerfileInContext, FOREIGN_DOCKERFILE, pathInFolder } from './dockerfile-in-context.js';

describe('dockerfileInContext', () => {
  it.each([
    ['Dockerfile', '.', 'Dockerfile'],
    ['./deploy//Dockerfile', '.', 'deploy/Dockerfile'],
    ['web/Dockerfile', 'web', 'Dockerfile'],
    ['web/deploy/Dockerfile', './web/', 'deploy/Dockerfile'],
    ['Dockerfile', 'web', FOREIGN_DOCKERFILE],
    ['web2/Dockerfile', 'web', FOREIGN_DOCKERFILE],
  ])('finds %s in the context %s at %s', (dockerfile, context, found) => {
    expect(dockerfileInContext({ dockerfile, context })).toBe(found);
  });
});

describe('pathInFolder', () => {
  it('takes a folder itself for none of its paths', () => {
    expect(pathInFolder('web', 'web')).toBeNull();
  });
});

describe('cleanPath', () => {
  it('calls the top the empty path', () => {
    expect(['.', './', '', '//'].map(cleanPath)).toEqual(['', '', '', '']);
  });
});
