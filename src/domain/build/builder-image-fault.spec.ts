import { describe, expect, it } from 'vitest';
import { builderImageFault } from './builder-image-fault.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('builderImageFault', () => {
  it.each([
    'builder',
    'paketobuildpacks/builder-jammy-base:latest',
    '10.0.0.1:5000/team/build_er:v1.2',
    `registry.example.com/builder@${DIGEST}`,
    `registry.example.com/builder:1@${DIGEST}`,
  ])('lets %s through', (image) => expect(builderImageFault(image)).toBeNull());

  it.each(['', 'Builder', '-v/:/host', 'a b', 'https://registry/x', 'builder:', 'builder@sha256:12', 'x'.repeat(401)])(
    'refuses %j and says what should be',
    (image) => expect(builderImageFault(image)).toContain('name of an image'),
  );

  it('judges a long name of bad characters at once', () => {
    expect(builderImageFault(`${'a-'.repeat(190)}!`)).not.toBeNull();
  });
});
