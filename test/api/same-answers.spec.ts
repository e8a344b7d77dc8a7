import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../clients/cli/src/program.js';
import { TestApi, TOKEN } from '../support/api.js';
import { putRelease } from '../support/releases.js';
import { putInstance, putThere, seedPlaces } from '../support/world.js';
import { DeployRow, WorkerRow } from '../../src/store/entities/index.js';

const PLACE = { app: 'shop', environment: 'production' };
const AT = ['--app', 'shop', '--environment', 'production'];

describe('the API, the CLI and a chat', () => {
  let api: TestApi;
  let deployId: string;

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'shop', repo: 'acme/shop' });
    const first = await putRelease(api.dataSource, PLACE, { commit: 1 });
    await putRelease(api.dataSource, PLACE, { commit: 2 });
    ({ deployId } = await putRelease(api.dataSource, PLACE, { commit: 1, from: first }));
    const deploy = await api.dataSource.manager.findOneByOrFail(DeployRow, { id: deployId });
    for (const slot of [1, 2])
      putThere(api.world, PLACE, [await putInstance(api.dataSource, deploy, { host: `h${slot}`, slot })]);
    await api.dataSource.manager.update(WorkerRow, { name: 'web' }, { scale: 2 });
  });
  afterAll(() => api?.stop());

  async function chat(text: string): Promise<string> {
    const { status, body } = await api.client.post('/commands', { text });
    expect([text, status]).toEqual([text, 200]);
    return (body.data as unknown as { text: string }).text;
  }

  async function cli(...line: string[]): Promise<unknown> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const environment = { JOCKEY_URL: api.url, JOCKEY_OAUTH_TOKEN: TOKEN };
    const files = { folder: '/', home: '/' };
    const world = {
      environment,
      ...files,
      stdin: new PassThrough(),
      stdout,
      stderr,
      onInterrupt: () => () => undefined,
    };
    const code = await runProgram([...line, '--json'], world);
    expect([line, code, String(stderr.read() ?? '')]).toEqual([line, 0, '']);
    return JSON.parse(String(stdout.read()));
  }

  const read = async <T>(path: string): Promise<T> => (await api.client.get(path)).body.data as T;

  it('list the same releases', async () => {
    const releases = await read<{ number: string; current: boolean }[]>('/releases?app=shop&environment=production');
    expect(releases.map(({ number }) => number)).toEqual(['v3', 'v2', 'v1']);
    expect(await cli('releases', ...AT)).toEqual(releases);
    const lines = (await chat('releases shop production')).split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['v3', 'v2', 'v1']);
    expect(lines[0]).toMatch(/^v3 0{12} rollback of v1, .*, current$/);
  });

  it('list the same builds', async () => {
    const builds = await read<{ id: string }[]>('/builds?app=shop');
    expect(await cli('builds', '--app', 'shop')).toEqual(builds);
    const ids = [...(await chat('builds shop')).matchAll(/^build (\d+) of /gm)].map(([, id]) => id);
    expect(ids).toEqual(builds.map(({ id }) => id));
  });

  it('list the same instances', async () => {
    const names = (text: string) => [...new Set(text.match(/web-\d-d\d+/g))].sort();
    const expected = [`web-1-d${deployId}`, `web-2-d${deployId}`];
    expect(names(JSON.stringify(await cli('ps', ...AT)))).toEqual(expected);
    const said = await chat('ps shop production');
    expect(names(said)).toEqual(expected);
    expect(said).toContain(`web-2-d${deployId} on h2: passing`);
  });

  it('explain a deploy with the same sentence', async () => {
    const { answer } = await read<{ answer: string }>(`/deploys/${deployId}/explain`);
    expect(await cli('explain', deployId)).toMatchObject({ answer });
    expect(await chat(`explain ${deployId}`)).toBe(answer);
  });

  it('restart by a reconcile that the API shows, and promote by a deploy', async () => {
    const restarted = await chat('restart shop production web');
    const id = /by reconcile (\d+)\./.exec(restarted)?.[1];
    expect(await read(`/reconciles/${id}`)).toMatchObject({ restart: { worker: 'web' } });
    const promoted = await chat('promote shop production to staging');
    const deploy = /^Deploy (\d+): v3 of production/.exec(promoted)?.[1];
    expect(await read(`/deploys/${deploy}`)).toMatchObject({ kind: 'promotion', environment: { name: 'staging' } });
  });
});
