import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi, TOKEN } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { sendRaw } from '../support/raw-request.js';
import { putDeploy, seedPlaces } from '../support/world.js';

const HEADERS = {
  'Accept-Encoding': 'identity',
  Accept: '*/*',
  'User-Agent': 'Ruby',
  Connection: 'close',
};

const formHeaders = (form: string): Record<string, string> => ({
  'Content-Type': 'application/x-www-form-urlencoded',
  'Content-Length': String(Buffer.byteLength(form)),
});

interface Answer {
  readonly status: number;
  readonly data: Record<string, unknown>;
  readonly list: readonly (Record<string, unknown> & { readonly id: string })[];
  readonly error: { readonly code: string; readonly message: string };
}

/**
 * The requests of the original's Ruby client 0.4.0, byte for byte: the token as the first parameter of every URL and
 * in no header, bodies as forms; and what its commands read from the answers.
 */
describe('the Ruby client', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    await send('POST', '/apps', {
      form: 'name=bite-service&repo=bellycard%2Fbite-service&subscribe_to_github_webhook=false',
    });
  });
  afterAll(() => api?.stop());

  async function send(
    method: string,
    path: string,
    { query = '', form }: { query?: string; form?: string } = {},
  ): Promise<Answer> {
    const body = form === undefined ? {} : { body: form };
    const type: Record<string, string> = form === undefined ? {} : formHeaders(form);
    const target = `${path}?github_access_token=${TOKEN}${query}`;
    const { status, text } = await sendRaw(api.url, { method, target, headers: { ...HEADERS, ...type }, ...body });
    const answer = JSON.parse(text) as { data: unknown; error: Answer['error'] };
    return { status, data: answer.data as Answer['data'], list: answer.data as Answer['list'], error: answer.error };
  }

  const PLACE = { query: '&app=bite-service&environment=production' };
  const firstId = async (path: string) => (await send('GET', path, PLACE)).list[0]?.id;
  const configNow = async () => (await send('GET', '/config_sets', PLACE)).list[0]?.['config'];

  it('creates an app without naming its stack', async () => {
    expect((await send('GET', '/apps/bite-service')).data).toMatchObject({
      name: 'bite-service',
      repo: 'bellycard/bite-service',
      subscribe_to_github_webhook: false,
      stack: 'api',
    });
    expect((await send('GET', '/apps')).list).toHaveLength(1);
  });

  it.each([
    [
      'newer',
      'config%5Bid%5D=production&config%5BRACK_ENV%5D=production&config%5BDATABASE_URL%5D=mysql2%3A%2F%2Fu%3Ap%40h%2Fdb%3Fa%3D1%26b%3D2&config%5BGREETING%5D=h%C3%A9llo%20%2B1&config%5BEMPTY%5D=',
    ],
    [
      'older',
      "config[id]=production&config[RACK_ENV]=production&config[DATABASE_URL]=mysql2%3A%2F%2Fu%3Ap%40h%2Fdb%3Fa%3D1%26b%3D2&config[GREETING]=h%C3%A9llo%20%2B1&config[EMPTY]=&config[RAW]=~!*'()",
    ],
  ])('config set, as the %s library writes it', async (_age, form) => {
    const id = await firstId('/config_sets');
    expect((await send('PUT', `/config_sets/${id}`, { form })).error).toBeUndefined();
    expect(await configNow()).toMatchObject({
      id: 'production',
      RACK_ENV: 'production',
      PORT: '8888',
      DATABASE_URL: 'mysql2://u:p@h/db?a=1&b=2',
      GREETING: 'héllo +1',
      EMPTY: '',
    });
    if (form.includes('RAW')) expect(await configNow()).toMatchObject({ RAW: "~!*'()" });
  });

  it('config set with numbers, flags and line breaks keeps text', async () => {
    const id = await firstId('/config_sets');
    const form =
      'config%5BN%5D=5&config%5BT%5D=true&config%5BNIL%5D=&config%5BNL%5D=a%0Ab&config%5BPCT%5D=100%25%20~%21%2A%27%28%29';
    await send('PUT', `/config_sets/${id}`, { form });
    expect(await configNow()).toMatchObject({ N: '5', T: 'true', NIL: '', NL: 'a\nb', PCT: "100% ~!*'()" });
  });

  it('config set with lists, maps and bad names is told of each, and changes nothing', async () => {
    const id = await firstId('/config_sets');
    const before = await configNow();
    const form =
      'config%5BA%20B%5D=sp&config%5BLIST%5D%5B%5D=a&config%5BLIST%5D%5B%5D=b&config%5BNEST%5D%5Bz%5D=2&config%5BNEST%5D%5Bx%5D%5By%5D=1&config%5BNEW%5D=1';
    const refused = await send('PUT', `/config_sets/${id}`, { form });
    expect(refused.status).toBe(422);
    for (const field of ['config.A B', 'config.LIST', 'config.NEST']) expect(refused.error.message).toContain(field);
    expect(await configNow()).toEqual(before);
  });

  it('config set with nothing changes nothing', async () => {
    const id = await firstId('/config_sets');
    const before = await configNow();
    expect((await send('PUT', `/config_sets/${id}`, { form: '' })).data['config']).toEqual(before);
  });

  it('config sets may say again whose they are', async () => {
    const id = await firstId('/config_sets');
    const same = await send('PUT', `/config_sets/${id}`, {
      form: 'config%5BFOO%5D=bar&app=bite-service&environment=production',
    });
    expect(same.data['config']).toMatchObject({ FOO: 'bar' });
    const other = await send('PUT', `/config_sets/${id}`, { form: 'config%5BFOO%5D=bar&environment=staging' });
    expect([other.status, other.error.code]).toEqual([422, 'record_invalid']);
  });

  it('creates a config set', async () => {
    const form = 'app=bite-service&environment=staging&config%5BRACK_ENV%5D=staging';
    const created = await send('POST', '/config_sets', { form });
    expect(created.data).toMatchObject({
      config: { RACK_ENV: 'staging' },
      config_command_line_args: ' -e RACK_ENV="staging"',
      app: { name: 'bite-service' },
      environment: { name: 'staging' },
    });
  });

  it('scale get and scale set', async () => {
    const workers = await send('GET', '/workers', PLACE);
    expect(workers.list).toMatchObject([{ name: 'web', scale: 0, command: '/start web' }]);
    const found = await send('GET', '/workers', { query: `${PLACE.query}&worker=web` });
    const id = found.list[0]?.id;
    expect((await send('PUT', `/workers/${id}`, { form: 'scale=2' })).data['scale']).toBe(2);
    expect((await send('PUT', `/workers/${id}`, { form: 'scale=2' })).data['scale']).toBe(2);
    expect((await send('PUT', `/workers/${id}`, { form: 'name=web&scale=3' })).data['scale']).toBe(3);
    expect((await send('GET', '/workers', { query: `${PLACE.query}&worker=sidekiq` })).list).toEqual([]);
  });

  it('scale get --verbose', async () => {
    const seen = { node: 'n1', address: '10.0.0.1', port: 49_155, tags: ['deploy_id:1', `rref:${'6'.repeat(40)}`] };
    const meta = { app: 'bite-service', environment: 'production' };
    api.world.registry.services.set('bite-service-web', [
      { id: 'c1', service: 'bite-service-web', check: 'passing', checkOutput: '', meta, ...seen },
    ]);
    const id = await firstId('/workers');
    expect((await send('GET', `/workers/${id}/deploys`)).data).toMatchObject({
      instances: [{ service: { id: 'c1' }, node: { id: 'n1', address: '10.0.0.1' }, port: 49_155, tags: seen.tags }],
    });
    api.world.registry.services.clear();
    expect((await send('GET', `/workers/${id}/deploys`)).data).toMatchObject({ instances: [] });
  });

  it('deploy restart --worker web --only-failing, sent twice as after a lost answer', async () => {
    const form = 'app=bite-service&environment=production&worker=web&healthy=false';
    expect((await send('PUT', '/workers/restart', { form })).error.message).toContain('No deploy of bite-service');
    await putDeploy(api.dataSource, { app: 'bite-service', environment: 'production' }, 'deployed');
    const answers = [await send('PUT', '/workers/restart', { form }), await send('PUT', '/workers/restart', { form })];
    expect(answers.map(({ data }) => data)).toMatchObject([{ id: expect.any(String) }, { id: answers[0]?.data['id'] }]);
    const nobody = 'app=bite-service&environment=production&worker=nobody';
    expect((await send('PUT', '/workers/restart', { form: nobody })).status).toBe(404);
  });

  it('connect: the variables as arguments, and a node', async () => {
    api.world.hosts.pools.set('api/production', [aHost('n1')]);
    const sets = await send('GET', '/config_sets', PLACE);
    expect(sets.list[0]?.['config_command_line_args']).toContain(' -e RACK_ENV="production"');
    const node = await send('GET', '/apps/available_node', PLACE);
    expect(node.error).toBeUndefined();
    expect(node.data).toMatchObject({ id: 'n1', address: '10.0.0.1' });
  });

  it('connect with an unknown app has two messages to print', async () => {
    for (const path of ['/config_sets', '/apps/available_node']) {
      const unknown = await send('GET', path, { query: '&app=nobody&environment=production' });
      expect(unknown).toMatchObject({ data: undefined, error: { message: 'There is no app "nobody".' } });
    }
  });

  it('finds names written with capitals, and refuses awkward ones as JSON', async () => {
    expect((await send('GET', '/workers', { query: '&app=Bite-Service&environment=Production' })).list).toHaveLength(1);
    const awkward = await send('GET', '/workers', { query: '&app=Test%20App&environment=a%2Fb' });
    expect([awkward.status, awkward.error.message]).toEqual([404, 'There is no app "Test App".']);
  });

  it('takes an empty parameter for none, a slash at the end for nothing, and gets JSON for what is gone', async () => {
    expect((await send('GET', '/workers', { query: `${PLACE.query}&worker=` })).list).toHaveLength(1);
    expect((await send('GET', '/workers/')).status).toBe(200);
    expect((await send('GET', '/one_time_commands')).error.code).toBe('not_found');
    const created = await send('POST', '/apps', {
      form: 'name=nils&repo=a%2Fb&subscribe_to_github_webhook=&stack=&git_url=',
    });
    expect(created.data).toMatchObject({ stack: 'api', git_url: null, subscribe_to_github_webhook: false });
  });

  it('is told why a token is wrong', async () => {
    const target = '/apps?github_access_token=wrong';
    const { status, text } = await sendRaw(api.url, { method: 'GET', target, headers: HEADERS });
    expect([status, (JSON.parse(text) as Answer).error.code]).toEqual([401, 'not_authenticated']);
  });
});
