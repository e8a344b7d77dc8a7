import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from '../../src/features/metrics/metric-table.js';
import { requirePrograms } from '../../tools/machine/packages.js';
import { TestApi, TOKEN } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { Prometheus } from '../support/prometheus.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

const FOLDER = fileURLToPath(new URL('../../docs/monitoring/', import.meta.url));
const ALERTS = `${FOLDER}alerts.yml`;

interface Rule {
  readonly name: string;
  readonly health: string;
  readonly state: string;
  readonly lastError?: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
}

const queriesOfAlerts = (): [string, string][] =>
  (parse(readFileSync(ALERTS, 'utf8')) as Rules).groups.flatMap(({ rules }) =>
    rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  );

/** As Grafana sends them, with everything chosen. */
const queriesOfDashboard = (): [string, string][] =>
  (JSON.parse(readFileSync(`${FOLDER}dashboard.json`, 'utf8')) as { panels: readonly Panel[] }).panels.flatMap(
    ({ title, targets = [] }) =>
      targets.map(({ expr }): [string, string] => [title, expr.replaceAll('$environment', '.*')]),
  );

/** A real Prometheus looks at Jockey with the rules of the docs. */
describe('what Prometheus makes of the figures', () => {
  let api: TestApi;
  let prometheus: Prometheus;
  let promtool: string;

  beforeAll(async () => {
    ({ promtool } = await requirePrograms(['promtool']));
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    const deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
    await api.dataSource.query(
      `UPDATE deploys SET workers = '[{"name": "web"}]', completed_at = created_at + interval '40 seconds'`,
    );
    await putInstance(api.dataSource, deploy, { host: 'host-1' });
    await api.dataSource.query(`UPDATE workers SET scale = 2 WHERE name = 'web'`);
    prometheus = await Prometheus.start(
      () => `global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [${ALERTS}]
scrape_configs:
  - job_name: jockey
    authorization: { credentials: ${TOKEN} }
    static_configs: [{ targets: ['${new URL(api.url).host}'] }]
`,
    );
    await eventually('a first scrape', async () => (await valueOf('up{job="jockey"}')) === 1, 60);
  }, 300_000);

  afterAll(async () => {
    await prometheus?.stop();
    await api?.stop();
  });

  const valueOf = async (query: string): Promise<number | null> => {
    const { data } = await prometheus.query(query);
    const [first] = (data?.result ?? []) as { readonly value: readonly [number, string] }[];
    return first === undefined ? null : Number(first.value[1]);
  };

  it('keeps what Jockey says', async () => {
    const labels = 'app="sample",environment="production",worker="web"';
    expect(await valueOf(`jockey_instances_wanted{${labels}}`)).toBe(2);
    expect(await valueOf(`jockey_instances_running{${labels}}`)).toBe(1);
    expect(await valueOf('histogram_quantile(1, sum by (le) (jockey_deploy_duration_seconds_bucket))')).toBe(60);
  });

  it.each(queriesOfAlerts())('answers the question of %s', async (_name, query) => {
    expect(await prometheus.query(query)).toMatchObject({ status: 'success' });
  });

  it.each(queriesOfDashboard())('draws %s: %s', async (_title, query) => {
    expect(await prometheus.query(query)).toMatchObject({ status: 'success' });
  });

  it('finds the figures that alerts and dashboard speak of in the table', () => {
    const known = METRICS.flatMap(({ name }) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]);
    const spoken = [...queriesOfAlerts(), ...queriesOfDashboard()].flatMap(
      ([, query]) => query.match(/jockey_\w+/g) ?? [],
    );
    expect(spoken.length).toBeGreaterThan(40);
    expect(spoken.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('minds a missing instance, and holds no rule for broken', async () => {
    const rules = async (): Promise<readonly Rule[]> => {
      const { data } = await prometheus.ask<{ data: { groups: readonly { rules: readonly Rule[] }[] } }>('rules');
      return data.groups.flatMap((group) => group.rules);
    };
    const pending = async (): Promise<boolean> =>
      (await rules()).some(({ name, state }) => name === 'JockeyInstancesMissing' && state === 'pending');
    await eventually('the alert to be pending', pending, 60);
    const all = await rules();
    expect(all).toHaveLength(queriesOfAlerts().length);
    expect(all.filter(({ health }) => health === 'err')).toEqual([]);
  });

  it('has nothing against the figures, the rules and their tests', async () => {
    const { text } = await api.client.get('/metrics');
    const check = (args: readonly string[], input = ''): string =>
      execFileSync(promtool, [...args], { input, cwd: FOLDER, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
    expect(check(['check', 'metrics'], text)).toBe('');
    expect(check(['check', 'rules', 'alerts.yml'])).toContain('SUCCESS');
    expect(check(['test', 'rules', 'alerts.test.yml'])).toContain('SUCCESS');
  });
});
