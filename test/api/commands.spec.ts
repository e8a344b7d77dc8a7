import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/registry.js';
import { TestApi } from '../support/api.js';

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start();
  await api.client.post('/environments', { name: 'production' });
  await api.client.post('/stacks', { name: 'api' });
  await api.client.post('/apps', { name: 'shop', repo: 'acme/shop', stack: 'api' });
  api.world.source.commits.set('main', 'a'.repeat(40));
});
afterAll(() => api?.stop());

const run = (text: string) => api.client.post('/commands', { text });

describe('commands', () => {
  it('are listed as they are written', async () => {
    const { status, body } = await api.client.get('/commands');
    expect(status).toBe(200);
    expect((body.data as unknown as { name: string }[]).map(({ name }) => name)).toEqual(
      COMMANDS.map(({ name }) => name),
    );
  });

  it('do what the API does, and leave what it leaves', async () => {
    const { status, body } = await run('deploy shop to production main');
    expect(status).toBe(200);
    const { deploy } = body.data as unknown as { deploy: string };
    expect((await api.client.get(`/deploys/${deploy}`)).body.data).toMatchObject({
      id: deploy,
      rref: 'a'.repeat(40),
      environment: { name: 'production' },
    });
  });

  it('lock and unlock, as GET /apps/:id/hold tells', async () => {
    expect((await run('lock shop production orders fail')).status).toBe(200);
    const held = await api.client.get('/apps/shop/hold?environment=production');
    expect(held.body.data).toMatchObject({ reason: 'orders fail' });
    const { body } = await run('status shop production');
    expect((body.data as unknown as { text: string }).text).toContain('locked for automatic deploys: orders fail');
    expect((await run('unlock shop production')).status).toBe(200);
    expect((await api.client.get('/apps/shop/hold?environment=production')).status).toBe(404);
  });

  it.each([
    ['dance', 422, 'There is no "dance"'],
    ['deploy shop nowhere', 404, 'There is no environment "nowhere".'],
    ['rollback shop production', 423, 'is in progress'],
    ['scale shop production web=many', 422, 'such as web=3'],
  ])('%j is refused with %i and the words of the API', async (text, status, sentence) => {
    const answer = await run(text);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(sentence.replaceAll('"', '\\"'));
  });

  it('say what there is for an empty line, and name a fault of the field', async () => {
    expect((await run('')).text).toContain('deploy APP ENVIRONMENT [REF]');
    expect((await api.client.post('/commands', {})).status).toBe(422);
  });
});
