import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LONGEST_USER_DATA, userData, type UserDataFacts } from './user-data.js';

const PEM = `-----BEGIN CERTIFICATE-----\n${`${'A'.repeat(64)}\n`.repeat(20)}-----END CERTIFICATE-----\n`;

const FACTS: UserDataFacts = {
  stack: 'api',
  environment: 'production',
  jockey: { url: 'https://jockey.example.com', authority: null },
  token: 'jky_token',
  inGroup: true,
  renewBeforeDays: 30,
  docker: { port: 2376, plainRegistries: [], privateRegistry: null, logs: { megabytes: 50, files: 3 } },
  consul: { join: ['10.0.0.2'], datacenter: 'dc1', agentPort: 8500, program: null, authority: null },
  reserved: { memoryMb: 512, cpus: 0.5 },
};

interface Written {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

const filesOf = (facts: UserDataFacts): Map<string, Written> => {
  const { write_files: files } = parse(userData(facts)) as { write_files: readonly Written[] };
  return new Map(files.map((file) => [file.path, file]));
};

/** As cloud-init does. */
const unpacked = (text: string): string[] =>
  (parse(text) as { write_files: readonly (Written & { encoding?: string })[] }).write_files.map(
    ({ content, encoding }) =>
      encoding === 'gz+b64' ? gunzipSync(Buffer.from(content, 'base64')).toString('utf8') : content,
  );

const jsonOf = (facts: UserDataFacts, path: string): unknown => JSON.parse(filesOf(facts).get(path)?.content ?? 'null');

describe('userData', () => {
  it('is the same for the same facts, and begins as cloud-init wants it', () => {
    expect(userData(FACTS)).toBe(userData({ ...FACTS }));
    expect(userData(FACTS).split('\n')[0]).toBe('#cloud-config');
  });

  it('tells the program what it needs, for root alone', () => {
    expect(jsonOf(FACTS, '/etc/jockey/host.json')).toEqual({
      jockey: 'https://jockey.example.com',
      token: 'jky_token',
      service: 'jockey-api-production',
      in_group: true,
      renew_before: 30 * 86_400,
      docker_port: 2376,
      reserved: { memory_mb: 512, cpus: 0.5 },
      consul_program: null,
      consul: { datacenter: 'dc1', retry_join: ['10.0.0.2'], ports: { http: 8500 } },
    });
    expect(filesOf(FACTS).get('/etc/jockey/host.json')?.permissions).toBe('0600');
  });

  it('opens Docker to clients with a certificate only, and limits what containers print', () => {
    expect(jsonOf(FACTS, '/etc/docker/daemon.json')).toMatchObject({
      hosts: ['fd://', 'tcp://0.0.0.0:2376'],
      tlsverify: true,
      tlscacert: '/etc/jockey/tls/authority.pem',
      'live-restore': true,
      'log-opts': { 'max-size': '50m', 'max-file': '3' },
    });
    expect(jsonOf(FACTS, '/etc/docker/daemon.json')).not.toHaveProperty('insecure-registries');
  });

  it('knows registries without TLS, and private authorities', () => {
    const facts: UserDataFacts = {
      ...FACTS,
      jockey: { ...FACTS.jockey, authority: PEM },
      docker: {
        ...FACTS.docker,
        plainRegistries: ['10.0.0.5:5000'],
        privateRegistry: { name: 'registry.internal:5000', authority: PEM },
      },
      consul: { ...FACTS.consul, authority: PEM },
    };
    expect(jsonOf(facts, '/etc/docker/daemon.json')).toMatchObject({ 'insecure-registries': ['10.0.0.5:5000'] });
    expect(jsonOf(facts, '/etc/jockey/host.json')).toMatchObject({ consul: { tls_authority: true } });
    for (const path of [
      '/etc/docker/certs.d/registry.internal:5000/ca.crt',
      '/etc/jockey/jockey-ca.pem',
      '/etc/jockey/consul-ca.pem',
    ])
      expect(filesOf(facts).get(path)?.content).toBe(PEM);
    expect(Buffer.byteLength(userData(facts))).toBeGreaterThan(LONGEST_USER_DATA);
    const packed = userData(facts, (text) => gzipSync(text).toString('base64'));
    expect(Buffer.byteLength(packed)).toBeLessThan(LONGEST_USER_DATA);
    expect(unpacked(packed)).toEqual([...filesOf(facts).values()].map(({ content }) => content));
  });

  it('keeps every line of the program as it is', () => {
    const program = filesOf(FACTS).get('/usr/local/sbin/jockey-join');
    expect(program?.permissions).toBe('0755');
    expect(program?.content.startsWith('#!/usr/bin/env python3\n')).toBe(true);
    expect(program?.content).toContain('\n    settings = json.loads(read("/etc/jockey/host.json"))\n');
    expect(program?.content.endsWith('\nmain()\n')).toBe(true);
  });

  it('starts what it wrote, at each boot and twice a day', () => {
    const files = filesOf(FACTS);
    expect(files.get('/etc/systemd/system/jockey-join.timer')?.content).toMatch(/OnBootSec=.*\nOnUnitActiveSec=12h/);
    expect(files.get('/etc/systemd/system/docker.service.d/jockey.conf')?.content).toContain(
      'ExecStart=\nExecStart=dockerd\n',
    );
    const { runcmd } = parse(userData(FACTS)) as { runcmd: readonly (readonly string[])[] };
    expect(runcmd).toContainEqual(['systemctl', 'enable', '--now', 'jockey-join.timer']);
  });

  it('takes no text of a setting for YAML', () => {
    const join = ['provider=aws tag_key=consul tag_value="yes: # no"'];
    expect(jsonOf({ ...FACTS, consul: { ...FACTS.consul, join } }, '/etc/jockey/host.json')).toMatchObject({
      consul: { retry_join: join },
    });
  });
});
