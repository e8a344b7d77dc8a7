import { describe, expect, it } from 'vitest';
import { LABELS } from '../instance/container-name.js';
import { BUILDER_LABEL, imageByDigest, imageLabels, imageTag, REQUESTED_BY_LABEL } from './image-names.js';

const sha = 'a'.repeat(40);

describe('names of images', () => {
  it('are of the app in lower case, by commit and by content', () => {
    expect(imageTag('10.0.0.1:5000', { app: 'Shop', sha })).toBe(`10.0.0.1:5000/shop:${sha}`);
    expect(imageByDigest('10.0.0.1:5000/team', 'shop', 'sha256:1')).toBe('10.0.0.1:5000/team/shop@sha256:1');
  });

  it('carry labels that say where they come from', () => {
    const labels = imageLabels({
      app: 'shop',
      source: 'https://github.com/o/shop',
      sha,
      buildId: '7',
      created: '2026-01-01',
    });
    expect(labels).toMatchObject({
      'org.opencontainers.image.source': 'https://github.com/o/shop',
      'org.opencontainers.image.revision': sha,
      'org.opencontainers.image.created': '2026-01-01',
      [LABELS.build]: '7',
    });
  });

  it('say what it stands on, what built it and who asked, where that is known', () => {
    const origin = { app: 'shop', source: 'https://x/y', sha, buildId: '7', created: '2026-01-01' };
    expect(
      imageLabels({ ...origin, base: 'r/run@sha256:1', builder: 'r/b@sha256:2', requestedBy: 'octocat' }),
    ).toMatchObject({
      'org.opencontainers.image.base.name': 'r/run',
      'org.opencontainers.image.base.digest': 'sha256:1',
      [BUILDER_LABEL]: 'r/b@sha256:2',
      [REQUESTED_BY_LABEL]: 'octocat',
    });
    const unknown = Object.keys(imageLabels({ ...origin, base: null, builder: null, requestedBy: null }));
    expect(unknown.filter((name) => /base|builder|requested/.test(name))).toEqual([]);
  });

  it('never carry the label by which Jockey knows its own containers', () => {
    const labels = imageLabels({ app: 'shop', source: 'https://x/y', sha, buildId: '7', created: '2026-01-01' });
    expect(labels).not.toHaveProperty([LABELS.app]);
  });
});
