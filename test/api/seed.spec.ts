import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../seeds/seed-data.js';
import { TestApi } from '../support/api.js';

describe('seed', () => {
  let api: TestApi;
  const log = pino({ level: 'silent' });

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api?.stop());

  const everything = async () =>
    Promise.all(['/environments', '/stacks', '/apps', '/workers', '/config_sets'].map((path) => api.client.get(path)));

  it('writes what an installation begins with, and a second run changes nothing', async () => {
    await seed(api.dataSource, log);
    const first = (await everything()).map(({ body }) => body);
    const names = first.map(({ data }) => (data as unknown as { name?: string }[]).map(({ name }) => name));
    expect(names.slice(0, 4)).toEqual([
      ['production', 'staging', 'development'],
      ['build', 'api'],
      ['sample'],
      ['web', 'web'],
    ]);
    expect(first[2]).toMatchObject({ data: [{ repo: 'jockey/sample', stack: 'api' }] });
    expect(first[4]?.pagination['total_count']).toBe(2);

    await seed(api.dataSource, log);
    expect((await everything()).map(({ body }) => body)).toEqual(first);
  });
});
