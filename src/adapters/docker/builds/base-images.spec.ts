import { describe, expect, it } from 'vitest';
import { repositoryOf } from './base-images.js';

describe('repositoryOf', () => {
  it.each([
    ['docker.io/library/alpine:3', 'docker.io/library/alpine'],
    ['registry:5000/base', 'registry:5000/base'],
    ['registry:5000/base:1', 'registry:5000/base'],
    ['registry:5000/base:1@sha256:0123', 'registry:5000/base'],
  ])('of %s is %s', (image, repository) => {
    expect(repositoryOf(image)).toBe(repository);
  });
});
