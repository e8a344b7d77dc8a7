import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  EnvironmentRow,
  HostCertificateRow,
  HostJoinTokenRow,
  HostPoolRow,
  StackRow,
} from '../../src/store/entities/index.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import type { EngineIdentity } from '../../src/engine/engine-identity.js';
import { LaunchRenewal } from '../../src/engine/joining/launch-renewal.js';
import { HostUserData } from '../../src/observation/host-user-data.js';
import { Leases } from '../../src/store/leases.js';
import { HostJoins } from '../../src/store/repositories/host-joins.js';
import { HostPoolRecords } from '../../src/store/repositories/host-pools.js';
import { GROUP_FAULTS } from '../fakes/fake-host-groups.js';

const GROUP = { region: 'eu-central-1', name: 'jockey-cloud-production' };

interface CloudConfig {
  readonly write_files: readonly { readonly path: string; readonly content: string }[];
}

const settingsIn = (text: string): Record<string, unknown> => {
  const file = (parse(text) as CloudConfig).write_files.find(({ path }) => path === '/etc/jockey/host.json');
  return JSON.parse(file?.content ?? '{}') as Record<string, unknown>;
};

describe('joining', () => {
  let api: TestApi;
  let stranger: ApiClient;
  const places: Record<string, { stackId: string; environmentId: string }> = {};

  const userData = (stack: string, query = '') =>
    api.client.get(`/stacks/${stack}/user_data?environment=production${query}`);
  const tokenOf = async (stack: string): Promise<string> => settingsIn((await userData(stack)).text)['token'] as string;
  const ask = (body: Readonly<Record<string, unknown>>) => stranger.post('/hosts/certificates', body);
  const certificates = () => api.dataSource.manager.find(HostCertificateRow, { order: { id: 'ASC' } });

  beforeAll(async () => {
    api = await TestApi.start({
      environment: { HOST_CONSUL_GOSSIP_KEY: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=', HOST_CONSUL_TOKEN: 'consul-secret' },
    });
    stranger = new ApiClient(api.url, null);
    const { manager } = api.dataSource;
    const environment = await manager.save(EnvironmentRow, { name: 'production' } as EnvironmentRow);
    for (const name of ['cloud', 'iron']) {
      const stack = await manager.save(StackRow, { name } as StackRow);
      places[name] = { stackId: stack.id, environmentId: environment.id };
    }
    await manager.save(HostPoolRow, {
      ...places['cloud'],
      kind: 'auto_scaling_group',
      region: GROUP.region,
      groupName: GROUP.name,
    } as HostPoolRow);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    api.world.groups.groups.clear();
    api.world.certificates.expired.clear();
    await api.dataSource.query('TRUNCATE host_certificates, host_join_tokens');
  });

  /** The only machine of the group. */
  const machine = () => {
    const group = api.world.groups.add(GROUP, { desired: 1 });
    const [instance] = group.instances;
    if (instance === undefined) throw new Error('the group has no machine');
    instance.address = '10.0.1.17';
    return instance;
  };

  describe('the user data of a stack', () => {
    it('is cloud-config with a token of which only the digest is kept', async () => {
      const answer = await userData('cloud');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/cloud-config; charset=utf-8']);
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const settings = settingsIn(answer.text);
      expect(settings).toMatchObject({
        jockey: 'https://jockey.test',
        service: 'jockey-cloud-production',
        in_group: true,
        docker_port: 2376,
      });
      const [row] = await api.dataSource.manager.find(HostJoinTokenRow);
      expect(row).toMatchObject({ ...places['cloud'], launches: false, createdBy: 'bootstrap', uses: 0 });
      expect(JSON.stringify(row)).not.toContain(settings['token']);
      expect(answer.text).not.toContain('consul-secret');
      expect(answer.text).not.toContain('c2VjcmV0LXNlY3JldC1zZWNyZXQ=');
    });

    it('lets machines join for as long as it is asked for', async () => {
      await userData('cloud', '&hours=3');
      const [row] = await api.dataSource.manager.find(HostJoinTokenRow);
      expect((row?.expiresAt.getTime() ?? 0) - (row?.createdAt.getTime() ?? 0)).toBe(3 * 3_600_000);
      for (const hours of ['0', '8761', 'long']) expect((await userData('cloud', `&hours=${hours}`)).status).toBe(422);
    });

    it('asks no metadata service in a pool without a group', async () => {
      expect(settingsIn((await userData('iron')).text)).toMatchObject({ in_group: false });
    });

    it('says that the stack or the environment is not there', async () => {
      expect((await userData('nowhere')).body.detail).toContain('no stack "nowhere"');
      const answer = await api.client.get('/stacks/cloud/user_data?environment=nowhere');
      expect([answer.status, answer.body.detail]).toEqual([404, 'There is no environment "nowhere".']);
      expect((await api.client.get('/stacks/cloud/user_data')).body.errors[0]?.field).toBe('environment');
    });

    it('names every setting that misses, and keeps no token', async () => {
      api.world.certificates.pem = null;
      const answer = await userData('cloud');
      api.world.certificates.pem = 'authority';
      expect(answer.status).toBe(422);
      expect(answer.body.detail).toMatch(/HOST_CA_CERT_FILE and HOST_CA_KEY_FILE should be set.*docs\/joining\.md/);
      expect(await api.dataSource.manager.count(HostJoinTokenRow)).toBe(0);
    });

    it('of a group that Jockey starts is marked as such', async () => {
      const { stackId = '', environmentId = '' } = places['cloud'] ?? {};
      await api.app
        .get(HostUserData, { strict: false })
        .userDataOf({ stackId, environmentId, kind: 'auto_scaling_group' });
      const [row] = await api.dataSource.manager.find(HostJoinTokenRow);
      expect(row).toMatchObject({ launches: true, createdBy: 'jockey' });
    });
  });

  describe('the first certificate of a machine of a group', () => {
    it('is for its address alone, and brings the secrets of Consul', async () => {
      const { id } = machine();
      const answer = await ask({ csr: 'request key 10.0.1.17', token: await tokenOf('cloud'), machine: id });
      expect(answer.status, answer.text).toBe(201);
      const { id: written, ...data } = answer.body.data;
      expect(data).toEqual({
        address: '10.0.1.17',
        certificate: expect.stringMatching(/^certificate key 10\.0\.1\.17 /),
        authority: expect.any(String),
        expires_at: expect.any(String),
        consul: { gossip_key: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ=', token: 'consul-secret' },
      });
      const [row] = await certificates();
      expect(row).toMatchObject({ id: written, ...places['cloud'], machine: id, address: '10.0.1.17' });
      const [token] = await api.dataSource.manager.find(HostJoinTokenRow);
      expect([token?.uses, token?.lastUsedAt]).toEqual([1, expect.any(Date)]);
    });

    it('is in the audit, by the host, without any secret', async () => {
      const { id } = machine();
      const token = await tokenOf('cloud');
      await ask({ csr: 'request audited 10.0.1.17', token, machine: id });
      const entries = await api.dataSource.query<Record<string, unknown>[]>(
        `SELECT * FROM audit_entries WHERE actor_name = $1 ORDER BY id`,
        [`host:${id}`],
      );
      expect(entries.map(({ phase, actor_kind, subject }) => [phase, actor_kind, subject])).toEqual([
        ['begun', 'host', 'host certificate'],
        ['ended', 'host', 'host certificate'],
      ]);
      expect(JSON.stringify(entries)).toContain('10.0.1.17');
      for (const secret of [token, 'consul-secret', 'c2VjcmV0']) expect(JSON.stringify(entries)).not.toContain(secret);
    });

    it.each([
      ['another address', { csr: 'request key 10.0.1.18' }, 403, 'has the address 10.0.1.17, and not 10.0.1.18'],
      [
        'a machine that the group has not',
        { machine: 'i-0ffffffffffffffff' },
        403,
        'has no machine i-0ffffffffffffffff',
      ],
      ['no machine', { machine: null }, 422, 'machine is missing'],
      ['two addresses', { csr: 'request key 10.0.1.17 10.0.1.18' }, 422, 'exactly one IP address'],
      ['no address', { csr: 'request key' }, 422, 'exactly one IP address'],
      ['no request', { csr: 'hello' }, 422, 'csr'],
      ['a wrong token', { token: `jky_${'x'.repeat(40)}` }, 401, 'Neither the token nor the certificate'],
      ['no token', { token: null }, 401, 'Neither the token nor the certificate'],
      ['an unknown field', { address: '10.0.1.17' }, 422, 'address is not known'],
      ['a field of another kind', { csr: 7 }, 422, 'csr should be a text'],
    ])('is refused to %s', async (...[, change, status, says]) => {
      const { id } = machine();
      const answer = await ask({ csr: 'request key 10.0.1.17', token: await tokenOf('cloud'), machine: id, ...change });
      expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(says)]);
      expect(await certificates()).toEqual([]);
    });

    it('is refused after the time of the token', async () => {
      const { id } = machine();
      const token = await tokenOf('cloud');
      await api.dataSource.query(`UPDATE host_join_tokens SET expires_at = now()`);
      expect((await ask({ csr: 'request key 10.0.1.17', token, machine: id })).status).toBe(401);
    });

    it('waits for the address of a machine that has none yet', async () => {
      const instance = machine();
      instance.address = null;
      const answer = await ask({ csr: 'request key 10.0.1.17', token: await tokenOf('cloud'), machine: instance.id });
      expect([answer.status, answer.body.detail]).toEqual([503, expect.stringContaining('does not know the address')]);
    });

    it('is given for one key, whoever else on the machine asks', async () => {
      const { id } = machine();
      const token = await tokenOf('cloud');
      const body = (key: string) => ({ csr: `request ${key} 10.0.1.17`, token, machine: id });
      const answers = await Promise.all(['one', 'two', 'three'].map((key) => ask(body(key))));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      const [row] = await certificates();
      expect(row?.machine).toBe(id);
      expect(answers.find(({ status }) => status === 409)?.body.detail).toContain('a machine has one key');
    });

    it('is given again for the same key: an answer may be lost', async () => {
      const { id } = machine();
      const body = { csr: 'request key 10.0.1.17', token: await tokenOf('cloud'), machine: id };
      expect([(await ask(body)).status, (await ask(body)).status]).toEqual([201, 201]);
      expect(await certificates()).toHaveLength(2);
    });
  });

  describe('the first certificate in a pool without a group', () => {
    it('is given to the address that asks for its own', async () => {
      const answer = await ask({ csr: 'request key 127.0.0.1', token: await tokenOf('iron') });
      expect([answer.status, answer.body.data?.address]).toEqual([201, '127.0.0.1']);
      expect((await certificates())[0]?.machine).toBeNull();
    });

    it("is refused for another's", async () => {
      const answer = await ask({ csr: 'request key 10.0.1.17', token: await tokenOf('iron') });
      expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('and not from 10.0.1.17')]);
    });
  });

  describe('a later certificate', () => {
    const first = async () => {
      const { id } = machine();
      const token = await tokenOf('cloud');
      const answer = await ask({ csr: 'request key 10.0.1.17', token, machine: id });
      await api.dataSource.query(`UPDATE host_join_tokens SET expires_at = now()`);
      return { id, token, certificate: answer.body.data.certificate as string };
    };

    it('is given for the earlier one and its key, long after the token, even while the cloud is silent', async () => {
      const { certificate } = await first();
      api.world.groups.groups.clear();
      const answer = await ask({ csr: 'request key 10.0.1.17', certificate });
      expect(answer.status, answer.text).toBe(201);
      expect(answer.body.data.certificate).not.toBe(certificate);
    });

    it('is for the same address, whatever is asked', async () => {
      const { certificate } = await first();
      expect((await ask({ csr: 'request key 10.9.9.9', certificate })).body.data.address).toBe('10.0.1.17');
    });

    it.each([
      ['with another key', 'request other 10.0.1.17', (given: string) => given],
      ['with what another authority signed', 'request key 10.0.1.17', () => 'junk'],
    ])('is refused %s', async (...[, csr, held]) => {
      const { certificate } = await first();
      expect((await ask({ csr, certificate: held(certificate) })).status).toBe(401);
    });

    it('is refused for an expired one', async () => {
      const { certificate } = await first();
      api.world.certificates.expired.add(certificate);
      expect((await ask({ csr: 'request key 10.0.1.17', certificate })).status).toBe(401);
    });
  });

  describe('the user data that a group starts its hosts from', () => {
    const LAUNCH = { imageId: 'ami-1', instanceTypes: ['m5.large'], subnets: [], securityGroups: [] };

    /** An engine's look at what is due; what it logged. */
    const look = async (): Promise<string[]> => {
      const lines: string[] = [];
      const log = {
        info: (_: unknown, line: string) => lines.push(line),
        warn: (_: unknown, line: string) => lines.push(line),
      };
      const get = <T>(type: new (...args: never[]) => T): T => api.app.get<T>(type, { strict: false });
      await new LaunchRenewal(
        ...([get(HostJoins), get(HostPoolRecords), get(HostUserData), api.world.groups] as const),
        ...([new Leases(api.dataSource), { name: 'an-engine', log } as unknown as EngineIdentity] as const),
      ).renew();
      return lines;
    };

    /** The token of the group is so many hours from its end, of 100. */
    const aged = async (hours: number): Promise<string> => {
      await api.dataSource.query(`UPDATE host_pools SET launch = $1 WHERE kind = 'auto_scaling_group'`, [LAUNCH]);
      const { stackId = '', environmentId = '' } = places['cloud'] ?? {};
      const userData = api.app.get(HostUserData, { strict: false });
      const text = await userData.userDataOf({ stackId, environmentId, kind: 'auto_scaling_group' });
      await api.dataSource.query(
        `UPDATE host_join_tokens SET created_at = now() - make_interval(hours => 100 - $1), expires_at = now() + make_interval(hours => $1)`,
        [hours],
      );
      return text;
    };

    it('is renewed when half of its time is over, once, and its token lets machines in', async () => {
      const { id } = machine();
      const before = await aged(49);
      expect(await look()).toEqual(['hosts of the group are started with a new user data']);
      expect(await look()).toEqual([]);
      const after = api.world.groups.group(GROUP.name).userData ?? '';
      const token = settingsIn(after)['token'];
      expect(token).not.toBe(settingsIn(before)['token']);
      expect((await ask({ csr: 'request key 10.0.1.17', token, machine: id })).status).toBe(201);
    });

    it('stays before that, and where another Jockey has the group', async () => {
      machine();
      await aged(51);
      expect(await look()).toEqual([]);
      await aged(49);
      api.world.groups.group(GROUP.name).tags['jockey:installation'] = 'another';
      expect(await look()).toEqual([]);
      expect(api.world.groups.group(GROUP.name).userData).toBeNull();
    });

    it('is due still when the group could not be told', async () => {
      machine();
      await aged(49);
      api.world.groups.before = ({ method }) => {
        if (method === 'relaunch') throw GROUP_FAULTS.throttled();
      };
      expect(await look()).toEqual(['the user data of a pool could not be renewed']);
      api.world.groups.before = () => undefined;
      expect(await look()).toEqual(['hosts of the group are started with a new user data']);
    });
  });

  it('reads no more than a host has to send', async () => {
    const answer = await ask({ csr: 'x'.repeat(70_000) });
    expect(answer.status).toBe(413);
    expect((await ask({ csr: 'x'.repeat(40_000) })).status).toBe(413);
    for (const body of ['', '[]', 'null', '"csr"', '{'])
      expect(
        (await stranger.send('POST', '/hosts/certificates', { body, headers: { 'content-type': 'application/json' } }))
          .status,
      ).toBe(400);
  });
});
