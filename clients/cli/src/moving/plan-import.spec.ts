import { describe, expect, it } from 'vitest';
import type { HeldApp, Holding } from './holding.js';
import { planImport } from './plan-import.js';

const SHOP: HeldApp = {
  name: 'shop',
  repo: 'acme/shop',
  subscribe_to_github_webhook: true,
  places: [
    {
      environment: 'production',
      config: { RACK_ENV: 'production', PASSWORD: 'hush' },
      workers: [{ name: 'web', command: '/start web', scale: 2 }],
      commit: null,
    },
  ],
};

const holding = (apps: readonly HeldApp[], environments = ['production']): Holding => ({
  environments,
  apps,
  remarks: [],
});

const told = (theirs: Holding, ours: Holding, overwrite = false) =>
  planImport(theirs, ours, { overwrite }).map(({ action, kind, what }) => `${action} ${kind} ${what}`);

describe('planImport', () => {
  it('makes everything where there is nothing, environments first', () => {
    expect(told(holding([SHOP]), holding([], []))).toEqual([
      'create environment production',
      'create app shop',
      'create config shop/production',
      'create worker shop/production/web',
    ]);
  });

  it('has nothing to do where all is there', () => {
    const steps = planImport(holding([SHOP]), holding([SHOP]), { overwrite: false });
    expect(new Set(steps.map(({ action }) => action))).toEqual(new Set(['same']));
    expect(steps.every(({ write }) => write === null)).toBe(true);
  });

  const [place] = SHOP.places;
  const changed: HeldApp = {
    ...SHOP,
    repo: 'acme/other',
    places: [
      {
        environment: 'production',
        config: { RACK_ENV: 'staging' },
        workers: [{ name: 'web', command: '/start web', scale: 5 }],
        commit: null,
      },
    ],
  };

  it('keeps what differs, says how, and adds only the variables that are missing', () => {
    const steps = planImport(holding([SHOP]), holding([changed]), { overwrite: false });
    expect(steps.map(({ action, because, fields }) => [action, because, fields])).toEqual([
      ['same', null, []],
      ['keep', 'its repository here is acme/other, there acme/shop', []],
      ['change', 'RACK_ENV differs', ['PASSWORD']],
      ['keep', 'scale is 5 here, 2 there', []],
    ]);
    expect(steps[2]?.write).toMatchObject({ config: { PASSWORD: 'hush' } });
  });

  it('changes what differs where that was asked for, but never a repository', () => {
    const steps = planImport(holding([SHOP]), holding([changed]), { overwrite: true });
    expect(steps.map(({ action, fields }) => [action, fields])).toEqual([
      ['same', []],
      ['keep', []],
      ['change', ['PASSWORD', 'RACK_ENV']],
      ['change', ['scale']],
    ]);
  });

  it('compares only what is said of a worker', () => {
    const more: HeldApp = {
      ...SHOP,
      places: [
        {
          ...(place as HeldApp['places'][number]),
          workers: [{ name: 'web', command: '/start web', scale: 2, memory_mb: 512 }],
        },
      ],
    };
    expect(told(holding([SHOP]), holding([more])).at(-1)).toBe('same worker shop/production/web');
  });
});
