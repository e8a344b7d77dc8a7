import { describe, expect, it } from 'vitest';
import { provenanceStatement } from './provenance-statement.js';

const HEX = 'a'.repeat(64);

const BUILD = {
  id: '12',
  ref: 'main',
  method: 'dockerfile',
  image: `10.0.0.1:5000/shop@sha256:${HEX}`,
  provenance: {
    source: 'https://github.com/jockey/shop',
    sha: 'b'.repeat(40),
    builder: 'BuildKit of Docker 20.10.24',
    baseImages: [`10.0.0.1:5000/base@sha256:${HEX}`, 'scratchy:1'],
    host: 'h3',
    requestedBy: 'octocat',
    startedAt: '2026-11-21T03:36:00.000Z',
    finishedAt: '2026-11-21T03:36:08.000Z',
  },
} as const;

describe('provenanceStatement', () => {
  const { subject, predicate } = provenanceStatement(BUILD);

  it('is of the image, by its digest', () => {
    expect(subject).toEqual([{ name: '10.0.0.1:5000/shop', digest: { sha256: HEX } }]);
  });

  it('names the commit and what the image stands on, with a digest where one is known', () => {
    expect(predicate.buildDefinition.resolvedDependencies).toEqual([
      { uri: `git+https://github.com/jockey/shop@${'b'.repeat(40)}`, digest: { gitCommit: 'b'.repeat(40) } },
      { uri: 'oci://10.0.0.1:5000/base', digest: { sha256: HEX } },
      { uri: 'oci://scratchy:1' },
    ]);
  });

  it('says who asked for what, by which method, and when', () => {
    expect(predicate.buildDefinition).toMatchObject({
      buildType: 'urn:jockey:build:dockerfile:v1',
      externalParameters: { ref: 'main', method: 'dockerfile', requestedBy: 'octocat' },
      internalParameters: { host: 'h3' },
    });
    expect(predicate.runDetails).toEqual({
      builder: { id: 'urn:jockey:builder', version: { builder: 'BuildKit of Docker 20.10.24' } },
      metadata: {
        invocationId: 'urn:jockey:build:12',
        startedOn: '2026-11-21T03:36:00.000Z',
        finishedOn: '2026-11-21T03:36:08.000Z',
      },
    });
  });
});
