import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { X509HostCertificates } from '../../src/adapters/certificates/x509-host-certificates.js';
import { ConsulClients } from '../../src/adapters/consul/consul-clients.js';
import { ConsulHostCatalog } from '../../src/adapters/consul/consul-host-catalog.js';
import { DockerClients } from '../../src/adapters/docker/docker-clients.js';
import { DockerodeHosts } from '../../src/adapters/docker/dockerode-hosts.js';
import type { Host } from '../../src/domain/host/host.js';
import { EnvironmentRow, HostPoolRow, StackRow } from '../../src/store/entities/index.js';
import { requireConsul } from '../../tools/machine/consul-binary.js';
import { run } from '../../tools/machine/run.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { type HostAuthority, makeHostAuthority } from '../support/host-authority.js';
import { type CloudConfig, JoinedHost, startMetadata } from '../support/joined-host.js';
import { unusedPort } from './cluster.js';

const GROUP = { region: 'eu-central-1', name: 'joining' };
const GOSSIP_KEY = 'qDOPBEr+/oUVeOFQOnVypxwDaHzLrD+lvjo5vCEBbZ0=';

/** The whole of 127.0.0.0/8 is this machine: its server of Consul, and the host that joins. */
const SERVER = '127.0.0.3';
const HOST = '127.0.0.2';

/** A real machine in all but systemd: Jockey's own user data is written down, its program run, Docker and Consul started. */
describe('a machine that joins', () => {
  let authority: HostAuthority;
  let api: TestApi;
  let metadata: Server & { url: string };
  let server: JoinedHost;
  let host: JoinedHost;
  let userData: string;
  let machine: string;
  let ports: { docker: number; agent: number; consul: number };

  beforeAll(async () => {
    const consul = await requireConsul();
    authority = await makeHostAuthority();
    ports = { docker: await unusedPort(), agent: await unusedPort(), consul: await unusedPort() };
    api = await startApi(authority, ports);
    machine = await seed(api);
    userData = (await api.client.get('/stacks/api/user_data?environment=production')).text;
    metadata = await startMetadata({ 'instance-id': machine, 'local-ipv4': HOST });
    const boot = { metadata: metadata.url, consul };
    server = await JoinedHost.make('write_files: []', boot);
    server.start(consul, consulServer(server.at('/consul'), ports.consul));
    host = await JoinedHost.make(userData, boot);
    await host.tell({ jockey: api.url });
  });
  afterAll(async () => {
    await host?.remove();
    await server?.remove();
    metadata?.close();
    await api?.stop();
    await authority?.remove();
  });

  it('is told what cloud-init understands', async () => {
    await host.write('/user-data', userData);
    const said = await run('cloud-init', ['schema', '--config-file', host.at('/user-data')]);
    expect(said).toContain('Valid');
    await expect(run('cloud-init', ['schema', '--config-file', await broken(host)])).rejects.toThrow(/runcmd/);
    expect((parse(userData) as CloudConfig).runcmd).toContainEqual([
      'systemctl',
      'start',
      '--no-block',
      'jockey-join.service',
    ]);
  });

  it('gets its certificate, and has Docker and Consul started', async () => {
    const calls = await host.join();
    expect(calls).toEqual([
      expect.stringMatching(/^useradd .*consul$/),
      'systemctl enable docker',
      'systemctl restart docker',
      expect.stringMatching(/^chown root:consul /),
      'systemctl enable consul',
      'systemctl restart consul',
    ]);
    const said = await run('openssl', [
      'x509',
      '-in',
      host.at('/etc/jockey/tls/host.pem'),
      '-noout',
      '-ext',
      'subjectAltName',
    ]);
    expect(said).toContain(`IP Address:${HOST}`);
    const modes = await run('stat', [
      '-c',
      '%a',
      ...['key.pem', 'consul.json'].map((name) => host.at(`/etc/jockey/tls/${name}`)),
    ]);
    expect(modes).toBe('600\n600\n');
  });

  it('starts nothing anew and asks for nothing when it boots again', async () => {
    const before = await host.read('/etc/jockey/tls/host.pem');
    const calls = (await host.join()).filter((call) => call.startsWith('systemctl'));
    expect(calls).toEqual([
      'systemctl enable docker',
      'systemctl start docker',
      'systemctl enable consul',
      'systemctl start consul',
    ]);
    expect(await host.read('/etc/jockey/tls/host.pem')).toBe(before);
  });

  it('is known to Consul as a healthy host with its machine, and its Docker obeys Jockey', async () => {
    await host.startDocker(HOST);
    host.start(await requireConsul(), ['agent', `-config-file=${host.at('/etc/jockey/consul.json')}`]);
    const joined = await healthyHost(ports.consul, ports.agent);
    expect(joined).toMatchObject({
      name: machine,
      machine,
      address: HOST,
      dockerUrl: `https://${HOST}:${ports.docker}`,
    });
    expect(joined.capacity?.memoryMb).toBeGreaterThan(0);
    const docker = new DockerodeHosts(new DockerClients(authority.clientFolder), null);
    const has = await docker.capacity(joined);
    expect(joined.capacity?.memoryMb).toBeLessThanOrEqual(has.memoryMb - 512);
    expect(await docker.list(joined, {})).toEqual([]);
  });

  it('obeys nobody else', async () => {
    const ca = await readFile(authority.certificateFile);
    const key = async (path: string) => ({
      key: await readFile(`${path}/key.pem`),
      cert: await readFile(`${path}/cert.pem`),
    });
    const stranger = await makeHostAuthority();
    const own = { key: await host.read('/etc/jockey/tls/key.pem'), cert: await host.read('/etc/jockey/tls/host.pem') };
    const ask = (keys: object) => ping(ports.docker, { ca, ...keys });
    expect(await ask(await key(authority.clientFolder))).toBe(200);
    await expect(ask({})).rejects.toThrow(/certificate|alert|reset/i);
    await expect(ask(await key(stranger.clientFolder))).rejects.toThrow(/certificate|alert|reset/i);
    await expect(ask(own)).rejects.toThrow(/certificate|alert|reset/i);
    const wrong = new DockerodeHosts(new DockerClients(stranger.clientFolder), null);
    await expect(wrong.list(await healthyHost(ports.consul, ports.agent), {})).rejects.toMatchObject({
      code: 'unavailable',
    });
    await stranger.remove();
  });

  it('renews its certificate by the one that it has, without the token', async () => {
    const before = await lateCertificate(authority, host);
    await host.write('/etc/jockey/tls/host.pem', before);
    await host.tell({ token: 'long over' });
    expect(await host.join()).toContain('systemctl restart docker');
    const after = await host.read('/etc/jockey/tls/host.pem');
    expect(after).not.toBe(before);
    expect(
      await run('openssl', ['verify', '-CAfile', authority.certificateFile, host.at('/etc/jockey/tls/host.pem')]),
    ).toContain('OK');
  });

  it('says why it cannot join, in the words of Jockey', async () => {
    const clone = await JoinedHost.make(userData, {
      metadata: metadata.url,
      consul: await requireConsul(),
    });
    await clone.tell({ jockey: api.url });
    await expect(clone.join()).rejects.toThrow('a machine has one key');
    await clone.tell({ token: 'wrong' });
    await expect(clone.join()).rejects.toThrow('Neither the token nor the certificate');
    await clone.remove();
  });
});

/** One for the host's own key, of whose time more than half is over: what is signed counts from five minutes before. */
async function lateCertificate({ certificateFile, keyFile }: HostAuthority, host: JoinedHost): Promise<string> {
  const certificates = new X509HostCertificates({ certificate: certificateFile, key: keyFile });
  const csr = await run('openssl', ['req', '-new', '-key', host.at('/etc/jockey/tls/key.pem'), '-subj', `/CN=${HOST}`]);
  return (await certificates.sign(csr, { address: HOST, days: 200 / 86_400 })).pem;
}

async function startApi(authority: HostAuthority, ports: { docker: number; agent: number }): Promise<TestApi> {
  return TestApi.start({
    certificates: new X509HostCertificates({ certificate: authority.certificateFile, key: authority.keyFile }),
    environment: {
      DOCKER_CERT_PATH: authority.clientFolder,
      DOCKER_PORT: String(ports.docker),
      CONSUL_AGENT_PORT: String(ports.agent),
      HOST_CONSUL_JOIN: SERVER,
      HOST_CONSUL_GOSSIP_KEY: GOSSIP_KEY,
    },
  });
}

/** A pool whose group has one machine, which is the host here; its id. */
async function seed(api: TestApi): Promise<string> {
  const { manager } = api.dataSource;
  const stack = await manager.save(StackRow, { name: 'api' } as StackRow);
  const environment = await manager.save(EnvironmentRow, { name: 'production' } as EnvironmentRow);
  await manager.save(HostPoolRow, {
    ...{ stackId: stack.id, environmentId: environment.id, kind: 'auto_scaling_group' },
    ...{ region: GROUP.region, groupName: GROUP.name },
  } as HostPoolRow);
  const [instance] = api.world.groups.add(GROUP, { desired: 1 }).instances;
  if (instance === undefined) throw new Error('the group has no machine');
  instance.address = HOST;
  return instance.id;
}

const consulServer = (data: string, port: number): string[] => [
  ...['agent', '-server', '-bootstrap-expect=1', '-node=server', `-bind=${SERVER}`, `-client=${SERVER}`],
  ...[`-data-dir=${data}`, `-http-port=${port}`, '-dns-port=-1', `-encrypt=${GOSSIP_KEY}`, '-log-level=warn'],
];

async function healthyHost(port: number, agentPort: number): Promise<Host> {
  const addresses = { consulUrl: `http://${SERVER}:${port}`, agentPort, dockerPort: 2375, dockerTls: false };
  const catalog = new ConsulHostCatalog(new ConsulClients(undefined), addresses);
  return eventually(
    'the host to be healthy in Consul',
    async () => {
      const hosts = await catalog.hosts({ stack: 'api', environment: 'production' }).catch(() => []);
      return hosts.find(({ healthy }) => healthy);
    },
    90,
  );
}

/** The status that the host's Docker answers with. */
function ping(port: number, keys: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: HOST, port, path: '/_ping', agent: false, ...keys }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** A file of which cloud-init should say that it is wrong, so that its yes means something. */
async function broken(host: JoinedHost): Promise<string> {
  await host.write('/broken', '#cloud-config\nruncmd: {}\n');
  return host.at('/broken');
}
