import { afterEach, describe, expect, it } from 'vitest';
import { METRICS } from '../../src/features/metrics/metric-table.js';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

describe('metrics', () => {
  let api: TestApi;
  afterEach(() => api?.stop());

  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    api = await TestApi.start({ environment });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
  };

  const ask = async (number: number): Promise<string> => {
    api.world.source.commits.set('main', shaOf(number));
    return (await api.client.post('/builds', { app: 'sample', ref: 'main' })).body.data.id;
  };

  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const { status, text } = await api.client.get('/metrics');
    expect(status).toBe(200);
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  };

  it('tell the queue and the ends of builds in the words of Prometheus', async () => {
    await start();
    const [done, failed] = [await ask(101), await ask(102)];
    await ask(103);
    const progress = new BuildProgress(api.dataSource);
    await api.dataSource.query(
      `UPDATE builds SET created_at = now() - interval '10 seconds', started_at = now() - interval '6 seconds'
       WHERE id = ANY($1)`,
      [[done, failed]],
    );
    await progress.complete(done, 'image');
    await progress.fail(failed, 'no', 'timed_out');
    const { text, headers } = await api.client.get('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        '# TYPE jockey_builds_settled_total counter',
        '# TYPE jockey_build_wait_seconds histogram',
        'jockey_builds_waiting 1',
        'jockey_builds_running 0',
        'jockey_build_wait_seconds_bucket{le="2.5"} 0',
        'jockey_build_wait_seconds_bucket{le="5"} 2',
        'jockey_build_wait_seconds_bucket{le="+Inf"} 2',
        'jockey_build_wait_seconds_sum 8',
        'jockey_build_wait_seconds_count 2',
        'jockey_builds_settled_total{outcome="succeeded"} 1',
        'jockey_builds_settled_total{outcome="timed_out"} 1',
        'jockey_builds_settled_total{outcome="canceled"} 0',
        'jockey_build_duration_seconds_bucket{outcome="succeeded",le="5"} 0',
        'jockey_build_duration_seconds_count{outcome="succeeded"} 1',
      ]),
    );
  });

  it('tell the commands that are run once: those that are not over, and how the others ended', async () => {
    await start();
    const { id: deploy } = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deployed');
    const states = [
      ['waiting', null],
      ['running', null],
      ['exited', 'succeeded'],
      ['failed', 'lost'],
    ];
    for (const [state, outcome] of states)
      await api.dataSource.query(
        `INSERT INTO runs (kind, app_id, environment_id, deploy_id, command, time_limit_seconds, state, outcome,
           started_at, completed_at)
         SELECT 'one_off', app_id, environment_id, id, '["bin/task"]', 600, $2::text, $3::text,
           now() - interval '8 seconds', CASE WHEN $3::text IS NOT NULL THEN now() END FROM deploys WHERE id = $1`,
        [deploy, state, outcome],
      );
    expect(Object.fromEntries(await read())).toMatchObject({
      'jockey_runs_in_progress{state="waiting"}': 1,
      'jockey_runs_in_progress{state="starting"}': 0,
      'jockey_runs_in_progress{state="running"}': 1,
      'jockey_runs_settled_total{outcome="succeeded"}': 1,
      'jockey_runs_settled_total{outcome="lost"}': 1,
      'jockey_runs_settled_total{outcome="timed_out"}': 0,
      'jockey_run_duration_seconds_bucket{outcome="lost",le="5"}': 0,
      'jockey_run_duration_seconds_bucket{outcome="lost",le="10"}': 1,
      'jockey_run_duration_seconds_sum{outcome="succeeded"}': 8,
    });
  });

  /** A place with a current deploy of one worker that should have three instances, and has two healthy ones. */
  const deployed = async (): Promise<void> => {
    await start();
    const build = await ask(201);
    await api.dataSource.query(`UPDATE builds SET state = 'completed', completed_at = now() WHERE id = $1`, [build]);
    const [workers] = await api.dataSource.query<[{ id: string }[]]>(
      `UPDATE workers SET scale = 3 FROM environments e
       WHERE e.id = environment_id AND e.name = 'production' AND workers.name = 'web' RETURNING workers.id`,
    );
    await api.dataSource.query(
      `WITH at AS (SELECT a.id AS app, e.id AS environment, w.id AS worker FROM workers w
         JOIN apps a ON a.id = w.app_id JOIN environments e ON e.id = w.environment_id WHERE w.id = $2),
       new AS (INSERT INTO deploys (app_id, environment_id, build_id, rref, state, outcome, workers, created_at, completed_at)
         SELECT app, environment, $1, 'a', 'deployed', 'succeeded', '[{"name": "web"}]', now() - interval '42 seconds', now()
         FROM at RETURNING id)
       INSERT INTO instances (app_id, environment_id, worker_id, deploy_id, slot, container_name, host, spec, memory_mb,
         cpus, state, planned_at, healthy_at)
       SELECT app, environment, worker, new.id, slot, 'c' || slot, 'host-1', '{}', 256, 0.5, 'healthy',
         now() - interval '7 seconds', now() FROM at, new, generate_series(1, 2) AS slot`,
      [build, workers[0]?.id],
    );
  };

  const WEB = '{app="sample",environment="production",worker="web"}';

  it('tell what should run, what does, and what it takes', async () => {
    await deployed();
    expect(Object.fromEntries(await read())).toMatchObject({
      [`jockey_instances_wanted${WEB}`]: 3,
      [`jockey_instances_running${WEB}`]: 2,
      'jockey_instances{state="healthy"}': 2,
      'jockey_drifted_workers{environment="production"}': 1,
      'jockey_instances_missing{environment="production"}': 1,
      'jockey_deploys_settled_total{environment="production",outcome="succeeded"}': 1,
      'jockey_deploys_settled_total{environment="production",outcome="reverted"}': 0,
      'jockey_deploy_duration_seconds_sum{environment="production",outcome="succeeded"}': 42,
      'jockey_instance_healthy_seconds_count{environment="production"}': 2,
      'jockey_host_instances{host="host-1"}': 2,
      'jockey_host_reserved_memory_bytes{host="host-1"}': 512 * 1024 * 1024,
      'jockey_host_reserved_cpus{host="host-1"}': 1,
    });
  });

  it('call nothing drift while a deploy is at it', async () => {
    await deployed();
    await api.dataSource.query(
      `INSERT INTO deploys (app_id, environment_id, rref, state) SELECT app_id, environment_id, 'b', 'deploying' FROM deploys`,
    );
    expect(Object.fromEntries(await read())).toMatchObject({
      'jockey_instances_missing{environment="production"}': 0,
      'jockey_deploys_in_progress{stage="deploying"}': 1,
      'jockey_deploys_in_progress{stage="created"}': 0,
    });
  });

  it('never fall, and count what ended between two scrapes once', async () => {
    await deployed();
    const name = 'jockey_deploys_settled_total{environment="production",outcome="succeeded"}';
    const end = (ago: string): Promise<unknown> =>
      api.dataSource.query(
        `INSERT INTO deploys (app_id, environment_id, rref, state, outcome, created_at, completed_at)
         SELECT app_id, environment_id, 'b', 'stopped', 'succeeded', now() - $1::interval, now() - $1::interval
         FROM deploys ORDER BY id LIMIT 1`,
        [ago],
      );
    await end('2 days');
    expect((await read()).get(name)).toBe(2);
    await end('1 minute');
    expect((await read()).get(name)).toBe(3);
    expect((await read()).get(name)).toBe(3);
  });

  it('tell how long the answers of each route took, without a word of the caller', async () => {
    await start();
    await api.client.get('/apps/sample');
    await api.client.get('/apps/absent');
    await api.client.get('/no-such-place/canary');
    const figures = await read();
    const count = (labels: string): number | undefined =>
      figures.get(`jockey_http_request_duration_seconds_count{${labels}}`);
    expect(count('method="GET",route="/apps/:id",status="2xx",kind="answer"')).toBe(1);
    expect(count('method="GET",route="/apps/:id",status="4xx",kind="answer"')).toBe(1);
    expect(count('method="GET",route="none",status="4xx",kind="answer"')).toBe(1);
    expect([...figures.keys()].join()).not.toContain('canary');
    expect(figures.get('jockey_http_requests_in_progress')).toBe(1);
  });

  it('still come when Postgres is away, and say so', async () => {
    await start({ METRICS_PUBLIC: 'true' });
    await api.loseDatabase();
    const { status, text } = await new ApiClient(api.url, null).get('/metrics');
    expect(status).toBe(200);
    expect(text).toContain('jockey_dependency_up{dependency="postgres"} 0\n');
    expect(text).toContain('jockey_collector_up{collector="work"} 0\n');
    expect(text).toContain('jockey_collector_up{collector="process"} 1\n');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('are what the table says, each with its help', async () => {
    await deployed();
    const { text } = await api.client.get('/metrics');
    const own = text.split('\n').filter((line) => line.startsWith('# TYPE jockey_'));
    const known = new Map<string, string>(METRICS.map(({ name, type }) => [name, `# TYPE ${name} ${type}`]));
    expect(own.length).toBeGreaterThan(20);
    for (const line of own) expect([...known.values()]).toContain(line);
    for (const line of own) expect(text).toContain(`# HELP ${line.split(' ')[2]} `);
  });

  it('are for those with the right to read everything', async () => {
    await start();
    expect((await new ApiClient(api.url, null).get('/metrics')).status).toBe(401);
    const some = await clientWith(api, { verbs: ['read'], apps: ['sample'] });
    expect((await some.get('/metrics')).status).toBe(403);
    expect((await (await clientWith(api, { verbs: ['read'] })).get('/metrics')).status).toBe(200);
  });

  it('are for everybody where METRICS_PUBLIC says so', async () => {
    await start({ METRICS_PUBLIC: 'true' });
    expect((await new ApiClient(api.url, null).get('/metrics')).status).toBe(200);
  });
});
