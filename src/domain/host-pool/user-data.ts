import type { Resources } from '../host/host.js';
import { hostServiceName } from '../kernel/names.js';
import { UNITS } from './user-data-files.js';
import { JOIN_PROGRAM } from './user-data-program.js';

/** What a new machine has to be told to become a host. No secret that lasts is among it. */
export interface UserDataFacts {
  readonly stack: string;
  readonly environment: string;
  /** Where the host reaches Jockey, without a slash at the end, and who signed Jockey's certificate where that is no public authority. */
  readonly jockey: { readonly url: string; readonly authority: string | null };
  /** What the first certificate is asked for with. */
  readonly token: string;
  /** Whether the machine is of an Auto Scaling Group: then it asks the metadata service which one it is. */
  readonly inGroup: boolean;
  /** So many days before its end the host has its certificate renewed. */
  readonly renewBeforeDays: number;
  readonly docker: DockerFacts;
  readonly consul: ConsulFacts;
  /** What the machine keeps for itself. */
  readonly reserved: Resources;
}

/** How the Docker of a host is set up. */
export interface DockerFacts {
  readonly port: number;
  /** `host:port` of registries without TLS. */
  readonly plainRegistries: readonly string[];
  /** A registry `host:port` whose certificate a private authority signed, with that authority's certificate as PEM. */
  readonly privateRegistry: { readonly name: string; readonly authority: string } | null;
  /** How much of a container's output is kept: so many files of so many MB. */
  readonly logs: { readonly megabytes: number; readonly files: number };
}

/** How the Consul agent of a host is set up. */
export interface ConsulFacts {
  /** Servers to join: addresses, names, or what the agent finds by itself (`provider=aws tag_key=consul`). */
  readonly join: readonly string[];
  readonly datacenter: string;
  /** Port of its HTTP API. */
  readonly agentPort: number;
  /** Where its program is had, where the machine's image holds none: a ZIP file, and the SHA-256 that it must have. */
  readonly program: { readonly url: string; readonly sha256: string } | null;
  /** Who signed the certificates of Consul's servers, as PEM; null where agents speak without TLS. */
  readonly authority: string | null;
}

/** The most that Amazon takes, in bytes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html. */
export const LONGEST_USER_DATA = 16_384;

/** Shorter texts would only become longer, in characters. */
const WORTH_PACKING = 1_000;

/** One file that cloud-init writes. */
interface WrittenFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

/** Packs a text as cloud-init unpacks it: gzip, as base64. */
export type Pack = (text: string) => string;

/**
 * The cloud-init of a host: files, and the one program that makes the machine a host and keeps it one. The same facts
 * give the same text. With `pack`, what is long is packed. https://docs.cloud-init.io/en/latest/reference/modules.html
 */
export function userData(facts: UserDataFacts, pack: Pack | null = null): string {
  return [
    '#cloud-config',
    `# A host of ${facts.stack} in ${facts.environment}. Made by Jockey: change its settings, not this text.`,
    'package_update: true',
    'packages: [ca-certificates, curl, openssl]',
    'write_files:',
    ...filesOf(facts).flatMap((file) => linesOf(file, pack)),
    'runcmd:',
    '  - [systemctl, daemon-reload]',
    '  - [systemctl, enable, --now, jockey-join.timer]',
    '  - [systemctl, start, --no-block, jockey-join.service]',
    '',
  ].join('\n');
}

function filesOf(facts: UserDataFacts): readonly WrittenFile[] {
  const { jockey, docker, consul } = facts;
  return [
    secret('/etc/jockey/host.json', json(hostSettings(facts))),
    plain('/etc/docker/daemon.json', json(daemonSettings(docker))),
    ...authority('/etc/jockey/jockey-ca.pem', jockey.authority),
    ...authority('/etc/jockey/consul-ca.pem', consul.authority),
    ...authority(
      `/etc/docker/certs.d/${docker.privateRegistry?.name ?? ''}/ca.crt`,
      docker.privateRegistry?.authority ?? null,
    ),
    ...Object.entries(UNITS).map(([name, content]) => plain(`/etc/systemd/system/${name}`, content)),
    { path: '/usr/local/sbin/jockey-join', permissions: '0755', content: JOIN_PROGRAM },
  ];
}

/** What the program reads. */
function hostSettings(facts: UserDataFacts): object {
  const { jockey, token, inGroup, docker, consul, reserved } = facts;
  return {
    jockey: jockey.url,
    token,
    service: hostServiceName(facts.stack, facts.environment),
    in_group: inGroup,
    renew_before: facts.renewBeforeDays * 86_400,
    docker_port: docker.port,
    reserved: { memory_mb: reserved.memoryMb, cpus: reserved.cpus },
    consul_program: consul.program,
    consul: {
      datacenter: consul.datacenter,
      retry_join: consul.join,
      ports: { http: consul.agentPort },
      ...(consul.authority === null ? {} : { tls_authority: true }),
    },
  };
}

/** https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
function daemonSettings({ port, plainRegistries, logs }: DockerFacts): object {
  return {
    hosts: ['fd://', `tcp://0.0.0.0:${port}`],
    tlsverify: true,
    tlscacert: '/etc/jockey/tls/authority.pem',
    tlscert: '/etc/jockey/tls/host.pem',
    tlskey: '/etc/jockey/tls/key.pem',
    // Containers run on while Docker is restarted for a new certificate.
    'live-restore': true,
    'log-driver': 'json-file',
    'log-opts': { 'max-size': `${logs.megabytes}m`, 'max-file': String(logs.files) },
    ...(plainRegistries.length === 0 ? {} : { 'insecure-registries': plainRegistries }),
  };
}

const json = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

const plain = (path: string, content: string): WrittenFile => ({ path, permissions: '0644', content });

const secret = (path: string, content: string): WrittenFile => ({ path, permissions: '0600', content });

const authority = (path: string, pem: string | null): readonly WrittenFile[] =>
  pem === null ? [] : [plain(path, pem)];

/** A text stands in a literal block; what is quoted is JSON, which is YAML. */
function linesOf({ path, permissions, content }: WrittenFile, pack: Pack | null): string[] {
  const head = [`  - path: ${JSON.stringify(path)}`, `    permissions: '${permissions}'`];
  if (pack !== null && content.length > WORTH_PACKING)
    return [...head, '    encoding: gz+b64', `    content: ${pack(content)}`];
  const block = content.trimEnd().split('\n');
  return [...head, '    content: |', ...block.map((line) => (line === '' ? '' : `      ${line}`))];
}
