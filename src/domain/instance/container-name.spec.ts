import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABEL, LONGEST, WORKER_NAME } from '../kernel/names.js';
import { containerLabels, containerName, type InstanceKey, LABELS } from './container-name.js';

const KEY: InstanceKey = { app: 'blog', environment: 'production', worker: 'web', slot: 1, deployId: '42', attempt: 1 };

/** What Docker takes as a container's name: https://docs.docker.com/reference/api/engine/ (POST /containers/create). */
const DOCKER_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

const keys: fc.Arbitrary<InstanceKey> = fc.record({
  app: fc.stringMatching(LABEL).filter((text) => text.length <= LONGEST.app),
  environment: fc.stringMatching(LABEL).filter((text) => text.length <= LONGEST.environment),
  worker: fc.stringMatching(WORKER_NAME).filter((text) => text.length <= LONGEST.worker),
  slot: fc.integer({ min: 1, max: 1000 }),
  deployId: fc.integer({ min: 1, max: 1_000_000 }).map(String),
  attempt: fc.integer({ min: 1, max: 50 }),
});

describe('containerName', () => {
  it('tells app, environment, worker, slot and deploy', () =>
    expect(containerName(KEY)).toBe('blog-production-web-1-d42'));

  it('tells the attempt from the second on', () => {
    expect(containerName({ ...KEY, attempt: 2 })).toBe('blog-production-web-1-d42-a2');
  });

  it('is a name that Docker takes', () => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(containerName(key)).toMatch(DOCKER_NAME);
      }),
    );
  });

  it('is the same for the same instance, and another one for another slot, deploy or attempt', () => {
    fc.assert(
      fc.property(keys, keys, (key, other) => {
        const { slot, deployId, attempt } = other;
        const sibling = { ...key, slot, deployId, attempt };
        const same = key.slot === slot && key.deployId === deployId && key.attempt === attempt;
        expect(containerName(sibling) === containerName(key)).toBe(same);
      }),
    );
  });
});

describe('containerLabels', () => {
  it('tell the whole key and the commit, from which observed state is rebuilt', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const labels = containerLabels(key, 'a'.repeat(40));
        expect({
          app: labels[LABELS.app],
          environment: labels[LABELS.environment],
          worker: labels[LABELS.worker],
          slot: Number(labels[LABELS.slot]),
          deployId: labels[LABELS.deploy],
          attempt: Number(labels[LABELS.attempt]),
        }).toEqual(key);
        expect(labels[LABELS.sha]).toBe('a'.repeat(40));
      }),
    );
  });

  it('stand all below io.jockey, where nobody else writes', () => {
    for (const label of Object.keys(containerLabels(KEY, ''))) expect(label).toMatch(/^io\.jockey\./);
  });
});
