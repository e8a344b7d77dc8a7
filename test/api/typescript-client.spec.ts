import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createJockeyClient,
  idempotent,
  type JockeyClient,
  JockeyProblem,
  ok,
  waitForDeploy,
} from '../../clients/typescript/src/index.js';
import { TestApi, TOKEN } from '../support/api.js';
import { putDeploy, seedPlaces } from '../support/world.js';

describe('the TypeScript client', () => {
  let api: TestApi;
  let jockey: JockeyClient;

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    jockey = createJockeyClient({ url: `${api.url}/`, token: TOKEN });
    await ok(jockey.POST('/apps', { body: { name: 'sample', repo: 'jockey/sample' } }));
  });
  afterAll(() => api?.stop());

  it('reads what is there, with the types of the document', async () => {
    const { data, pagination } = await ok(jockey.GET('/apps', { params: { query: { per_page: 5 } } }));
    expect(data.map(({ name }) => name)).toEqual(['sample']);
    expect(pagination).toEqual({ page: 1, per_page: 5, total_pages: 1, total_count: 1 });
    const app = await ok(jockey.GET('/apps/{id}', { params: { path: { id: 'sample' } } }));
    expect(app.data.repo).toBe('jockey/sample');
  });

  it('makes a refusal an error that says what is wrong', async () => {
    const refused = ok(jockey.POST('/apps', { body: { name: 'No Label', repo: 'jockey/sample' } }));
    const problem = await refused.then(
      () => null,
      (error: unknown) => error,
    );
    expect(problem).toBeInstanceOf(JockeyProblem);
    expect(problem).toMatchObject({ status: 422, code: 'record_invalid', fields: [{ field: 'name' }] });
    expect((problem as JockeyProblem).message).toContain('DNS label');
  });

  it('says the status where no Jockey answers', async () => {
    const elsewhere = createJockeyClient({ url: `${api.url}/docs`, token: TOKEN });
    await expect(ok(elsewhere.GET('/apps'))).rejects.toMatchObject({ status: 404, code: 'not_found' });
  });

  it('repeats a POST without doing it twice', async () => {
    const key = idempotent();
    const ask = () => ok(jockey.POST('/stacks', { params: { ...key }, body: { name: 'batch' } }));
    const [first, second] = [await ask(), await ask()];
    expect(second).toEqual(first);
    await expect(ok(jockey.POST('/stacks', { params: { ...idempotent() }, body: { name: 'batch' } }))).rejects.toThrow(
      /batch/,
    );
  });

  it('waits until a deploy has settled', async () => {
    const { id } = await putDeploy(api.dataSource, { app: 'sample', environment: 'production' }, 'deploying');
    const waiting = waitForDeploy(jockey, { id, seconds: 20 });
    await api.dataSource.query("UPDATE deploys SET state = 'deployed', outcome = 'succeeded' WHERE id = $1", [id]);
    expect(await waiting).toMatchObject({ id, state: 'deployed', outcome: 'succeeded' });
  });

  it('gives up a deploy that does not settle in time', async () => {
    const { id } = await putDeploy(api.dataSource, { app: 'sample', environment: 'staging' }, 'deploying');
    await expect(waitForDeploy(jockey, { id, seconds: 1 })).rejects.toThrow(/not settled within 1 s/);
  });
});
