import { Readable } from 'node:stream';
import type { ImageBuild } from '../../src/ports/build-hosts.js';

/** What builds an image, where a test says only what matters to it. */
export function anImageBuild(change: Partial<ImageBuild>): ImageBuild {
  return {
    buildId: '1',
    context: Readable.from(['']),
    dockerfile: 'Dockerfile',
    target: null,
    args: {},
    secrets: {},
    cacheFrom: [],
    tag: 'r/a:1',
    labels: {},
    onLine: () => undefined,
    signal: new AbortController().signal,
    ...change,
  };
}
