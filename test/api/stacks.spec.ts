import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';

describe('stacks', () => {
  let api: TestApi;
  let client: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
  });
  afterAll(() => api?.stop());

  it('are created, listed and shown by name and by id', async () => {
    const created = await client.post('/stacks', { name: 'staging' });
    expect(created.status).toBe(201);
    expect(created.body.data).toEqual({ id: expect.stringMatching(/^[0-9]+$/), name: 'staging' });

    expect((await client.get('/stacks/staging')).body.data).toEqual(created.body.data);
    expect((await client.get(`/stacks/${created.body.data.id}`)).body.data).toEqual(created.body.data);
    const list = await client.get('/stacks');
    expect(list.body).toEqual({
      data: [created.body.data],
      pagination: { page: 1, per_page: 25, total_pages: 1, total_count: 1 },
    });
  });

  it('refuse a second one of the same name, saying so', async () => {
    await client.post('/stacks', { name: 'twice' });
    const again = await client.post('/stacks', { name: 'twice' });
    expect(again.status).toBe(409);
    expect(again.body.error).toEqual({ code: 'conflict', message: 'There is a stack "twice" already.' });
  });

  it.each([['Staging'], ['1st'], ['a b'], ['a_b'], ['-a'], ['a-'], ['a.b'], [''], ['x'.repeat(31)]])(
    'refuse the name %j, which is no DNS label',
    async (name) => {
      const refused = await client.post('/stacks', { name });
      expect(refused.status).toBe(422);
      expect(refused.body.error.code).toBe('record_invalid');
      expect(refused.body.errors.map(({ field }) => field)).toEqual(['name']);
    },
  );

  it.each([['no-such'], ['0'], ['99999999'], ['1e3'], ['%00'], ['..%2fetc'], ['9'.repeat(400)]])(
    'answer 404 for %.20s',
    async (key) => {
      const missing = await client.get(`/stacks/${key}`);
      expect(missing.status).toBe(404);
      expect(missing.body.error.code).toBe('not_found');
    },
  );
});
