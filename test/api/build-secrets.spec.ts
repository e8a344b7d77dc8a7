import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LogBook } from '../../src/store/log-book.js';
import { BuildSecrets } from '../../src/store/repositories/build-secrets.js';
import { SEALED_COLUMNS } from '../../src/store/sealed-columns.js';
import { SecretBox } from '../../src/store/secret-box.js';
import { SecretRotation } from '../../src/store/secret-rotation.js';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { seedPlaces } from '../support/world.js';

const [OLD, PRESENT] = [randomBytes(32), randomBytes(32)];
const ENVIRONMENT = { SECRETS_KEY: OLD.toString('base64'), SECRETS_OLD_KEYS: PRESENT.toString('base64') };

interface Seen {
  readonly name: string;
  readonly version: number;
  readonly fingerprint: string;
  readonly author: string | null;
}

describe('the secrets of builds', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const put = (secrets: object, headers?: Record<string, string>) =>
    client.put(`/apps/${app}/build_secrets`, { secrets }, headers);
  const get = () => client.get(`/apps/${app}/build_secrets`);
  const seen = (reply: Reply) => reply.body.data['secrets'] as Seen[];
  const versions = (reply: Reply) => seen(reply).map(({ name, version }) => `${name} ${version}`);
  const read = () => api.app.get(BuildSecrets).read(id);

  beforeAll(async () => {
    api = await TestApi.start({ environment: ENVIRONMENT });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    id = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
  });

  it('are none at first', async () => {
    expect((await get()).body.data).toEqual({ secrets: [], version: 1 });
    expect(await read()).toEqual({});
  });

  it('are set, kept and removed; shown by fingerprint alone, and read by who builds', async () => {
    const set = await put({ NPM_TOKEN: 'hunter2', 'aws-creds': '[default]\nkey=canary\n' });
    expect(set.status).toBe(200);
    expect(versions(set)).toEqual(['NPM_TOKEN 1', 'aws-creds 1']);
    expect(seen(set)[0]).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/), author: 'bootstrap' });
    expect(await read()).toEqual({ NPM_TOKEN: 'hunter2', 'aws-creds': '[default]\nkey=canary\n' });
    const changed = await put({ NPM_TOKEN: 'hunter3', 'aws-creds': null });
    expect(versions(changed)).toEqual(['NPM_TOKEN 2']);
    expect(seen(changed)[0]?.fingerprint).not.toBe(seen(set)[0]?.fingerprint);
    expect(await read()).toEqual({ NPM_TOKEN: 'hunter3' });
    expect((await get()).text + set.text + changed.text).not.toMatch(/hunter|canary/);
  });

  it('are not changed by the value that they have, and rise again after they were gone', async () => {
    const first = await put({ A: 'hunter2' });
    const again = await put({ A: 'hunter2', NOBODY: null });
    expect(again.body.data).toEqual(first.body.data);
    await put({ A: null });
    expect(versions(await put({ A: 'hunter2' }))).toEqual(['A 2']);
  });

  it('lie encrypted in the database, bound to their app and name', async () => {
    await put({ A: 'hunter2' });
    const [row] = await api.dataSource.query<{ text: string }[]>('SELECT s::text AS text FROM build_secrets s');
    expect(row?.text).not.toContain('hunter2');
    await api.dataSource.query(`UPDATE build_secrets SET name = 'B' WHERE app_id = $1`, [id]);
    await expect(read()).rejects.toThrow('cannot be opened');
  });

  it('are not changed by who read an older version', async () => {
    const { headers } = await get();
    const etag = headers.get('etag') ?? '';
    expect((await put({ A: 'hunter2' }, { 'if-match': etag })).status).toBe(200);
    const stale = await put({ A: 'hunter3' }, { 'if-match': etag });
    expect([stale.status, stale.body.error.code]).toEqual([412, 'stale']);
    expect(await read()).toEqual({ A: 'hunter2' });
  });

  it('refuse bad names and values with every fault, and never show a value', async () => {
    const refused = await put({ 'a,src=/etc': 'hunter2', SHORT: 'abc', NUMBER: 42, GOOD: 'hunter2' });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map(({ field }) => field).sort()).toEqual([
      'secrets.NUMBER',
      'secrets.SHORT',
      'secrets.a,src=/etc',
    ]);
    expect(refused.text).not.toContain('hunter2');
    expect((await client.put(`/apps/${app}/build_secrets`, { secrets: 'hunter2' })).text).not.toContain('hunter2');
    expect(await read()).toEqual({});
  });

  it('are masked in the log of a build, the old values too', async () => {
    await put({ A: 'canary-one' });
    await put({ A: 'canary-two' });
    const build = await newBuild();
    const of = { subject: 'build' as const, id: build };
    await api.app.get(LogBook).append(of, [{ logger: 'docker', text: 'npm login canary-one canary-two' }]);
    const log = await client.get(`/builds/${build}/logs`);
    expect(log.text).toContain('npm login [secret A] [secret A]');
    expect(log.text).not.toContain('canary-');
  });

  it('stand in the audit by name alone', async () => {
    await put({ A: 'canary-value' });
    const audit = await client.get('/audit');
    expect(audit.status).toBe(200);
    expect(audit.text).toContain('build secrets');
    expect(audit.text).not.toContain('canary-value');
  });

  it('are changed only by who may change variables of the whole app', async () => {
    const elsewhere = await clientWith(api, { verbs: ['read', 'config'], apps: [app], environments: ['staging'] });
    const path = `/apps/${app}/build_secrets`;
    expect((await elsewhere.put(path, { secrets: { A: 'hunter2' } })).status).toBe(403);
    const reader = await clientWith(api, { verbs: ['read'], apps: [app] });
    expect((await reader.put(path, { secrets: { A: 'hunter2' } })).status).toBe(403);
    expect((await reader.get(path)).status).toBe(200);
    const writer = await clientWith(api, { verbs: ['read', 'config'], apps: [app] });
    expect((await writer.put(path, { secrets: { A: 'hunter2' } })).status).toBe(200);
  });

  it('are sealed anew when the key changes, and then read without the old one', async () => {
    await put({ A: 'hunter2' });
    const rotation = new SecretRotation(api.dataSource, new SecretBox(PRESENT, [OLD]), SEALED_COLUMNS);
    const done = await rotation.run();
    expect(done.find(({ table }) => table === 'build_secrets')?.rows).toBeGreaterThan(0);
    expect(await new BuildSecrets(api.dataSource, new SecretBox(PRESENT)).read(id)).toEqual({ A: 'hunter2' });
  });

  async function newBuild(): Promise<string> {
    api.world.source.commits.set('main', 'a'.repeat(40));
    return (await client.post('/builds', { app, ref: 'main' })).body.data.id;
  }
});
