import { describe, expect, it } from 'vitest';
import { signalOf } from './signal-of.js';

describe('signalOf', () => {
  it.each([
    [137, 'SIGKILL'],
    [143, 'SIGTERM'],
    [139, 'SIGSEGV'],
    [1, null],
    [0, null],
    [255, null],
    [null, null],
  ])('exit code %s is %s', (exitCode, signal) => expect(signalOf(exitCode)).toBe(signal));
});
