import { expect, it } from 'vitest';
import { aSpec } from '../../../test/factories/instances.js';
import { nameOfMissing, waveNeedOf } from './wave-need.js';

const of = { app: { id: '7', name: 'sample' }, environment: 'production', image: 'r/sample@sha256:1' };
const missing = (patch = {}) => ({
  ...{ worker: { workerId: '3', scale: 4, spec: aSpec(patch) }, slot: 2, deployId: '5', attempt: 3, wave: 1 },
  ...{ standby: false, onlyHost: 'h1', predecessor: null, because: 'it is missing' },
});

it('a missing instance is placed under the name that its container will have, with all that a host is judged by', () => {
  expect(nameOfMissing(missing(), of)).toBe('sample-production-web-2-d5-a3');
  expect(waveNeedOf(missing(), of)).toEqual({
    ...{ wave: 1, onlyHost: 'h1' },
    need: {
      ...{ key: 'sample-production-web-2-d5-a3', app: '7', group: '3', worker: 'web', slot: 2 },
      ...{ resources: { memoryMb: 64, cpus: 0.1 }, image: 'r/sample@sha256:1', needsTcpDocker: false },
    },
  });
});

it('a check of whether the container runs needs a Docker that is reached by TCP', () => {
  const running = missing({ check: { kind: 'running', intervalSeconds: 1, timeoutSeconds: 1 } });
  expect(waveNeedOf(running, of).need.needsTcpDocker).toBe(true);
});
