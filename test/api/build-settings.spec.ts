import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

const SETTINGS = {
  build_method: 'dockerfile',
  dockerfile: 'services/api/Dockerfile',
  build_context: 'services',
  build_target: 'production',
  build_args: { RUBY_VERSION: '3.3', EMPTY: '' },
  builder_image: null,
  build_queue: 'latest_wins',
  build_timeout_minutes: 30,
};

describe('the settings of builds', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let name: string;

  const create = (more: object = {}) => client.post('/apps', { name, repo: 'jockey/sample', stack: 'api', ...more });
  const faultsOf = (reply: Reply) => [reply.status, ...reply.body.errors.map(({ field }) => field)];

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(() => {
    count += 1;
    name = `app-${count}`;
  });

  it('let the commit decide where nothing is said', async () => {
    expect((await create()).body.data).toMatchObject({
      ...{ build_method: 'auto', dockerfile: 'Dockerfile', build_context: '.', build_target: null, build_args: {} },
      ...{ builder_image: null, build_queue: 'all', build_timeout_minutes: null },
    });
  });

  it('are set with a new app, kept by a change of something else, and taken back one by one', async () => {
    expect((await create(SETTINGS)).body.data).toMatchObject(SETTINGS);
    const kept = await client.put(`/apps/${name}`, { repo: 'other/repo' });
    expect(kept.body.data).toMatchObject(SETTINGS);
    const changed = await client.put(`/apps/${name}`, {
      ...{ build_target: null, build_args: { ONLY: 'this' }, build_timeout_minutes: null },
    });
    expect(changed.body.data).toMatchObject({
      ...SETTINGS,
      ...{ build_target: null, build_args: { ONLY: 'this' }, build_timeout_minutes: null },
    });
    expect((await client.get(`/apps/${name}`)).body.data).toEqual(changed.body.data);
  });

  it('are read from forms, with nested names for arguments', async () => {
    await create();
    const form = 'build_args[RUBY_VERSION]=3.3&build_context=services/api&build_timeout_minutes=5';
    expect((await client.form('PUT', `/apps/${name}`, form)).body.data).toMatchObject({
      ...{ build_args: { RUBY_VERSION: '3.3' }, build_context: 'services/api', build_timeout_minutes: 5 },
    });
  });

  it.each([
    ['build_method', 'magic'],
    ['build_method', null],
    ['dockerfile', '../Dockerfile'],
    ['dockerfile', '/etc/passwd'],
    ['dockerfile', '.'],
    ['dockerfile', 3],
    ['build_context', 'a/../../b'],
    ['build_context', '.git'],
    ['build_target', 'a b'],
    ['build_target', '--network=host'],
    ['build_args', ['A=1']],
    ['build_args', { 'A B': '1' }],
    ['build_args', { A: 1 }],
    ['build_args', { BUILDKIT_SYNTAX: 'evil/frontend' }],
    ['build_queue', 'newest'],
    ['build_timeout_minutes', 0],
    ['build_timeout_minutes', 1441],
    ['builder_image', '-v /:/host'],
    ['builder_image', 'https://registry/builder'],
  ])('refuse %s = %j', async (field, value) => {
    const refused = await create({ [field]: value });
    expect(faultsOf(refused)).toEqual([422, field]);
    expect((await client.get(`/apps/${name}`)).status).toBe(404);
  });

  it('refuse what contradicts what stands already, and change nothing', async () => {
    await create(SETTINGS);
    const refused = await client.put(`/apps/${name}`, { build_method: 'cnb', repo: 'other/repo' });
    expect(faultsOf(refused)).toEqual([422, 'build_target', 'build_args']);
    expect(refused.body.detail).toContain('only for a Dockerfile');
    expect((await client.get(`/apps/${name}`)).body.data).toMatchObject({ ...SETTINGS, repo: 'jockey/sample' });
  });

  it('take a builder image only with the method that it is for', async () => {
    const builder = { builder_image: 'registry.example.com/builder:1' };
    const refused = await create(builder);
    expect(faultsOf(refused)).toEqual([422, 'builder_image']);
    expect((await create({ ...builder, build_method: 'buildstep' })).body.data).toMatchObject(builder);
    expect(faultsOf(await client.put(`/apps/${name}`, { build_method: 'auto' }))).toEqual([422, 'builder_image']);
    const both = await client.put(`/apps/${name}`, { build_method: 'auto', builder_image: null });
    expect(both.body.data).toMatchObject({ build_method: 'auto', builder_image: null });
  });
});
