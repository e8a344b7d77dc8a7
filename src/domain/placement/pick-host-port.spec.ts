import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOST_PORTS, pickHostPort } from './pick-host-port.js';

const every = Array.from({ length: HOST_PORTS.last - HOST_PORTS.first + 1 }, (_, at) => HOST_PORTS.first + at);

const ports = fc.uniqueArray(fc.integer({ min: HOST_PORTS.first, max: HOST_PORTS.last }), { maxLength: 200 });

describe('pickHostPort', () => {
  it('is a free port below those that Linux gives to client sockets', () => {
    fc.assert(
      fc.property(ports, fc.string(), (taken, seed) => {
        const port = pickHostPort(new Set(taken), seed);
        expect(port).toBeGreaterThanOrEqual(HOST_PORTS.first);
        expect(port).toBeLessThan(32_768);
        expect(taken).not.toContain(port);
      }),
    );
  });

  it('is the same for the same seed', () => {
    fc.assert(
      fc.property(ports, fc.string(), (taken, seed) => {
        expect(pickHostPort(new Set(taken), seed)).toBe(pickHostPort(new Set(taken), seed));
      }),
    );
  });

  it('is the next one when its first choice is taken', () => {
    const first = pickHostPort(new Set(), 'blog-production-web-1-d1') as number;
    expect(pickHostPort(new Set([first]), 'blog-production-web-1-d1')).toBe(first + 1);
  });

  it('finds the only one that is left, wherever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every), fc.string(), (left, seed) => {
        expect(pickHostPort(new Set(every.filter((port) => port !== left)), seed)).toBe(left);
      }),
      { numRuns: 10 },
    );
  });

  it('is null when all are taken', () => expect(pickHostPort(new Set(every), 'x')).toBeNull());

  it('spreads the instances of a worker: few begin at the same port', () => {
    const chosen = Array.from({ length: 1000 }, (_, at) => pickHostPort(new Set(), `blog-production-web-${at + 1}-d1`));
    expect(new Set(chosen).size).toBeGreaterThan(900);
  });
});
