import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { aBuild, aDeploy, aFailure, anInstance } from './deploy-scene.js';
import { deployProgress } from './deploy-progress.js';
import { type Canvas, drawDeploy } from './draw-deploy.js';
import { signsFor } from './signs.js';

const AT = Date.parse('2026-01-01T00:00:12.000Z');
const FOOT = {
  lastLine: 'web 1 on h1: healthy',
  wayOut: 'Ctrl-C leaves it running; `jockey wait deploy 17` comes back.',
};
const signs = signsFor({ environment: { LANG: 'C.UTF-8' } });
const canvas = (columns: number, more: Partial<Canvas> = {}): Canvas => {
  return { columns, rows: 24, signs, tick: 0, paint: (text) => text, ...more };
};

const deploy = aDeploy({
  build: aBuild(),
  paused_because: 'The canary answers more slowly than what served before it.',
  instances: [
    anInstance('web', 1),
    anInstance('web', 2, { state: 'stopped', failure: aFailure({ cause: 'It ended with exit code 3 after 0.2 s.' }) }),
    anInstance('jobs', 1, { state: 'started', host: 'a-host-with-a-long-name.example.com' }),
  ],
});

describe('drawDeploy', () => {
  it('shows a deploy per worker and slot in 80 columns', () => {
    expect(drawDeploy(deployProgress(deploy, AT), FOOT, canvas(80))).toEqual([
      'Deploy 17 of sample to production, 6e1f0c0 (12 s)',
      '✓ build 12  completed, 8 s',
      '◐ jobs      0 of 1 healthy',
      '   1 a-host-with-a-long-name.e…  ◐ runs, waits for its check',
      '✗ web       1 of 2 healthy',
      '   1 h1  ✓ healthy',
      '   2 h2  ✗ It ended with exit code 3 after 0.2 s.',
      'It is paused: The canary answers more slowly than what served before it.',
      'web 1 on h1: healthy',
      'Ctrl-C leaves it running; `jockey wait deploy 17` comes back.',
    ]);
  });

  it('fits into 40 columns', () => {
    expect(drawDeploy(deployProgress(deploy, AT), FOOT, canvas(40))).toEqual([
      'Deploy 17 of sample to production,',
      '  6e1f0c0 (12 s)',
      '✓ build 12  completed, 8 s',
      '◐ jobs      0 of 1 healthy',
      '   1 a-host-with-…  ◐ runs, waits for i…',
      '✗ web       1 of 2 healthy',
      '   1 h1  ✓ healthy',
      '   2 h2  ✗ It ended with exit code 3 af…',
      'It is paused: The canary answers more',
      'slowly than what served before it.',
      'web 1 on h1: healthy',
      'Ctrl-C leaves it running; `jockey wait',
      'deploy 17` comes back.',
    ]);
  });

  it.each([20, 40, 80, 120])('has no line wider than %i columns', (columns) => {
    const lines = drawDeploy(deployProgress(deploy, AT), FOOT, canvas(columns));
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
  });

  it('folds slots into signs where there are more than rows', () => {
    const instances = Array.from({ length: 30 }, (_, at) =>
      anInstance('web', at + 1, { state: at < 10 ? 'healthy' : at < 12 ? 'started' : 'planned' }),
    );
    const lines = drawDeploy(deployProgress(aDeploy({ instances }), AT), FOOT, canvas(40));
    expect(lines).toContain('    ✓✓✓✓✓✓✓✓✓✓◐◐··················');
    expect(lines.length).toBeLessThan(24);
  });

  it('moves what goes on, and nothing else', () => {
    const [one, other] = [0, 1].map((tick) => drawDeploy(deployProgress(deploy, AT), FOOT, canvas(80, { tick })));
    expect(one?.filter((line, at) => line !== other?.[at])).toEqual([
      '◐ jobs      0 of 1 healthy',
      '   1 a-host-with-a-long-name.e…  ◐ runs, waits for its check',
    ]);
  });

  it('keeps to ASCII where the terminal does not say that it knows more', () => {
    const plain = signsFor({ environment: { LANG: 'C' } });
    const lines = drawDeploy(deployProgress(deploy, AT), FOOT, canvas(80, { signs: plain }));
    expect(lines).toContain('   1 h1  + healthy');
  });
});
