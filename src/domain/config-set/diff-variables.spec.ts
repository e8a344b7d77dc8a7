import { describe, expect, it } from 'vitest';
import { diffVariables } from './diff-variables.js';

const secret = (version: number, fingerprint: string) => ({ version, fingerprint });
const plain = (value: string) => ({ kind: 'plain', value });
const hidden = (version: number, fingerprint: string) => ({ kind: 'secret', mark: secret(version, fingerprint) });

describe('diffVariables', () => {
  it('is empty of the same', () => {
    const version = { config: { A: '1', constructor: 'x' }, secrets: { B: secret(1, 'f') } };
    expect(diffVariables(version, version)).toEqual([]);
  });

  it('names what was added, removed and changed', () => {
    const from = { config: { A: '1', B: '2', C: '3' }, secrets: { T: secret(1, 'f1'), U: secret(1, 'g') } };
    const to = { config: { B: '2', C: '4', D: '5' }, secrets: { T: secret(2, 'f2'), V: secret(2, 'h') } };
    expect(diffVariables(from, to)).toEqual([
      { name: 'A', change: 'removed', from: plain('1'), to: null },
      { name: 'C', change: 'changed', from: plain('3'), to: plain('4') },
      { name: 'D', change: 'added', from: null, to: plain('5') },
      { name: 'T', change: 'changed', from: hidden(1, 'f1'), to: hidden(2, 'f2') },
      { name: 'U', change: 'removed', from: hidden(1, 'g'), to: null },
      { name: 'V', change: 'added', from: null, to: hidden(2, 'h') },
    ]);
  });

  it('knows one value by its version when another key made the fingerprint, and by the fingerprint when it came back', () => {
    const at = (mark: { version: number; fingerprint: string }) => ({ config: {}, secrets: { T: mark } });
    expect(diffVariables(at(secret(1, 'old key')), at(secret(1, 'new key')))).toEqual([]);
    expect(diffVariables(at(secret(1, 'f')), at(secret(3, 'f')))).toEqual([]);
  });

  it('sees plain become secret', () => {
    const change = diffVariables({ config: { A: '1' }, secrets: {} }, { config: {}, secrets: { A: secret(2, 'f') } });
    expect(change).toEqual([{ name: 'A', change: 'changed', from: plain('1'), to: hidden(2, 'f') }]);
  });
});
