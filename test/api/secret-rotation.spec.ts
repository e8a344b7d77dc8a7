import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigValues } from '../../src/store/repositories/config-values.js';
import { SEALED_COLUMNS } from '../../src/store/sealed-columns.js';
import { SecretBox } from '../../src/store/secret-box.js';
import { SecretRotation } from '../../src/store/secret-rotation.js';
import { DeployRow } from '../../src/store/entities/index.js';
import { TestApi } from '../support/api.js';
import { putDeploy, seedPlaces } from '../support/world.js';

/** More than one batch. */
const VERSIONS = 130;

describe('the rotation of keys', () => {
  const [old, present] = [randomBytes(32), randomBytes(32)];
  let api: TestApi;
  let id: string;

  const rotation = (box: SecretBox) => new SecretRotation(api.dataSource, box, SEALED_COLUMNS);
  const both = () => rotation(new SecretBox(present, [old]));
  const configOf = (done: readonly { table: string; rows: number }[]) =>
    done.find(({ table }) => table === 'config_versions');
  const valuesBy = async (box: SecretBox): Promise<unknown> => {
    const deploy = await putDeploy(api.dataSource, { app: 'sample', environment: 'staging' }, 'deployed');
    const [row] = await api.dataSource.query<{ id: string }[]>('SELECT max(id) AS id FROM config_versions');
    await api.dataSource.manager.update(DeployRow, deploy.id, { configVersionId: row?.id ?? null });
    return new ConfigValues(api.dataSource, box).of(deploy.id);
  };

  beforeEach(async () => {
    const environment = { SECRETS_KEY: old.toString('base64'), SECRETS_OLD_KEYS: present.toString('base64') };
    api = await TestApi.start({ environment });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    const place = { app: 'sample', environment: 'staging' };
    id = (await api.client.post('/config_sets', { ...place, secrets: { A: 'canary-a', B: 'canary-b' } })).body.data.id;
    await api.dataSource.query(
      `INSERT INTO config_versions (config_set_id, version, config, secrets)
       SELECT config_set_id, number, jsonb_build_object('N', number::text), secrets
       FROM config_versions, generate_series(2, ${VERSIONS}) number WHERE config_set_id = $1 AND version = 1`,
      [id],
    );
    await api.dataSource.query('UPDATE config_sets SET version = $2 WHERE id = $1', [id, VERSIONS]);
  });
  afterEach(() => api.stop());

  it('seals all anew, so that the old key is not needed any more', async () => {
    expect(await both().oldSeals()).toEqual([
      { table: 'config_versions', column: 'secrets', key: expect.any(String), count: 2 * VERSIONS },
    ]);
    expect(configOf(await both().run())).toMatchObject({ column: 'secrets', rows: VERSIONS, faults: [] });
    expect(await both().oldSeals()).toEqual([]);
    expect(configOf(await both().run())).toMatchObject({ rows: 0 });
    expect(await valuesBy(new SecretBox(present))).toEqual({ A: 'canary-a', B: 'canary-b', N: String(VERSIONS) });
    await expect(valuesBy(new SecretBox(old))).rejects.toThrow('SECRETS_OLD_KEYS');
  });

  it('changes no version, and no comparison of versions', async () => {
    const before = (await api.client.get(`/config_sets/${id}`)).body.data;
    await both().run();
    const after = (await api.client.get(`/config_sets/${id}`)).body.data;
    expect(after).toMatchObject({ version: VERSIONS, secrets: [{ version: 1 }, { version: 1 }] });
    expect(after['secrets']).not.toEqual(before['secrets']);
    const diff = await api.client.get(`/config_sets/${id}/diff?from=1&to=${VERSIONS}`);
    expect((diff.body.data['changes'] as { name: string }[]).map(({ name }) => name)).toEqual(['N']);
    expect((await api.client.put(`/config_sets/${id}`, { secrets: { A: 'canary-a' } })).body.data['version']).toBe(
      VERSIONS,
    );
  });

  it('loses no change that is written meanwhile, and seals that too', async () => {
    const changes = Array.from({ length: 10 }, (_, at) =>
      api.client.put(`/config_sets/${id}`, { secrets: { [`NEW_${at}`]: `value ${at}` } }),
    );
    const [, ...replies] = await Promise.all([both().run(), ...changes]);
    expect(replies.map(({ status }) => status)).toEqual(changes.map(() => 200));
    await both().run();
    expect(await both().oldSeals()).toEqual([]);
    expect(Object.keys((await valuesBy(new SecretBox(present))) as object)).toHaveLength(13);
  });

  it('seals what can be opened, and names what cannot', async () => {
    await api.dataSource.query(
      `UPDATE config_versions SET secrets = jsonb_set(secrets, '{A,sealed,box}', '"broken"') WHERE version = 50`,
    );
    const first = configOf(await both().run()) as { rows: number; faults?: { why: string }[] };
    expect(first.rows).toBe(VERSIONS - 1);
    expect(first.faults).toMatchObject([{ why: expect.stringContaining('cannot be opened') }]);
    expect(await both().oldSeals()).toMatchObject([{ count: 2 }]);
  });
});
