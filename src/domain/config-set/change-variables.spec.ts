import { describe, expect, it } from 'vitest';
import { DomainError } from '../kernel/errors.js';
import { changeVariables } from './change-variables.js';
import { LARGEST } from './merge-config.js';

const NOW = { config: { PORT: '8888', PLAIN: 'open' }, secretSizes: { TOKEN: 20 } };
const change = (config: Record<string, unknown>, secrets: Record<string, unknown> = {}) =>
  changeVariables(NOW, { config, secrets });

function faultsOf(run: () => unknown): Record<string, string> {
  try {
    run();
    return {};
  } catch (error) {
    if (error instanceof DomainError && error.code === 'record_invalid')
      return Object.fromEntries(error.fields.map(({ field, message }) => [field, message]));
    throw error;
  }
}

describe('changeVariables', () => {
  it('keeps what is not named', () => {
    expect(change({})).toEqual({ config: NOW.config, kept: ['TOKEN'], set: {}, hidden: [] });
  });

  it('sets and removes secrets', () => {
    expect(change({}, { NEW: 'value' })).toMatchObject({ kept: ['TOKEN'], set: { NEW: 'value' } });
    expect(change({}, { TOKEN: 'other' })).toMatchObject({ kept: [], set: { TOKEN: 'other' } });
    expect(change({}, { TOKEN: null })).toMatchObject({ kept: [], set: {} });
    expect(change({}, { NOBODY: null })).toMatchObject({ kept: ['TOKEN'], set: {} });
  });

  it('makes plain secret, and says so', () => {
    const hidden = { config: { PORT: '8888' }, kept: ['TOKEN'], set: { PLAIN: 'hush' }, hidden: ['PLAIN'] };
    expect(change({}, { PLAIN: 'hush' })).toEqual(hidden);
    expect(change({ PLAIN: null }, { PLAIN: 'hush' })).toEqual(hidden);
  });

  it('makes secret plain only where the secret is removed with it', () => {
    expect(faultsOf(() => change({ TOKEN: 'x' }))).toEqual({
      'config.TOKEN': expect.stringContaining('is a secret: secrets: {"TOKEN": "…"} sets it'),
    });
    expect(change({ TOKEN: 'x' }, { TOKEN: null })).toMatchObject({ config: { TOKEN: 'x' }, kept: [], set: {} });
  });

  it('removes each only as what it is', () => {
    expect(faultsOf(() => change({ TOKEN: null }))).toEqual({
      'config.TOKEN': expect.stringContaining('secrets: {"TOKEN": null} removes it'),
    });
    expect(faultsOf(() => change({}, { PLAIN: null }))).toEqual({
      'secrets.PLAIN': 'is no secret: config: {"PLAIN": null} removes it.',
    });
  });

  it('takes a name once', () => {
    expect(faultsOf(() => change({ A: 'one' }, { A: 'other' }))).toEqual({
      'config.A': 'is set as a secret too; leave one of them out.',
    });
  });

  it.each(['', 'a', 'abc'])('refuses %j as a secret, as it could not be redacted', (value) => {
    expect(faultsOf(() => change({}, { A: value }))).toEqual({ 'secrets.A': expect.stringContaining('at least 4') });
  });

  it('names the faults of both, and never shows a value', () => {
    const faults = faultsOf(() =>
      change({ '1A': 'hunter2' }, { 'A-B': 'hunter2', C: ['hunter2'], D: 'hunter2\u0000' }),
    );
    expect(Object.keys(faults)).toEqual(['config.1A', 'secrets.A-B', 'secrets.C', 'secrets.D']);
    expect(Object.values(faults).join()).not.toContain('hunter2');
  });

  it('measures secrets too', () => {
    const sizes = Object.fromEntries([...Array(8).keys()].map((at) => [`S${at}`, LARGEST.value - 10]));
    const full = { config: {}, secretSizes: sizes };
    expect(faultsOf(() => changeVariables(full, { config: {}, secrets: { A: 'x'.repeat(1_000) } }))).toEqual({
      config: expect.stringContaining('all variables together'),
    });
    expect(changeVariables(full, { config: {}, secrets: { A: 'x'.repeat(20) } }).set).toEqual({ A: 'x'.repeat(20) });
  });
});
