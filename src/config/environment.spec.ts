import { getMetadataStorage } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { Environment, InvalidEnvironment, parseEnvironment } from './environment.js';

/** All that has to be said. */
const LEAST = {
  JOCKEY_BOOTSTRAP_TOKEN: 'sixteen-letters-',
  DATABASE_URL: 'postgres://jockey@localhost:5432/jockey',
  REDIS_URL: 'redis://localhost:6379',
  REGISTRY_ADDRESS: 'localhost:5000',
};

/** Values that each variable with a rule refuses, and a word of the sentence that says what it should be. */
const REFUSED: Readonly<Record<string, { values: readonly string[]; says: string }>> = {
  JOCKEY_PORT: { values: ['http', '-1', '65536', '80.5', ' 80'], says: 'port number, 0 to 65535' },
  JOCKEY_BOOTSTRAP_TOKEN: { values: ['short', '123456789012345'], says: 'at least 16 characters' },
  ENGINE_EMBEDDED: { values: ['yes', 'TRUE', '2'], says: 'true or false' },
  ENGINE_CONCURRENCY: { values: ['0', '101', 'many', '1.5'], says: 'whole number, 1 to 100' },
  HOST_GRACE_SECONDS: { values: ['-1', '86401', 'soon', '1.5'], says: 'whole number of seconds, 0 to 86400' },
  DATABASE_URL: { values: ['mysql://h/d', 'localhost', 'jockey'], says: 'postgres://' },
  REDIS_URL: { values: ['http://localhost', 'localhost:6379'], says: 'redis://' },
  CONSUL_HTTP_ADDR: { values: ['localhost:8500', 'consul', '8500'], says: 'http://host:8500' },
  CONSUL_AGENT_PORT: { values: ['0', '65536', 'x'], says: 'port number, 1 to 65535' },
  DOCKER_PORT: { values: ['0', '65536', 'unix'], says: 'port number, 1 to 65535' },
  REGISTRY_ADDRESS: { values: ['http://localhost:5000', 'Registry:5000', 'a:b', 'a b'], says: 'host:port' },
  REGISTRY_API_URL: { values: ['registry', 'registry:x', 'ftp://'], says: 'URL of the registry' },
  REGISTRY_PLAIN_HTTP: {
    values: ['http://registry', 'registry/shop', 'Registry:5000', 'a:b', 'one,,other', 'one two'],
    says: 'names of registries',
  },
  RETENTION_INTERVAL_HOURS: { values: ['-1', '8761', '1.5', 'daily'], says: 'whole number of hours, 0 to 8760' },
  RETENTION_RELEASES: { values: ['0', '1', '10001', 'all'], says: 'whole number of releases, 2 to 10000' },
  RETENTION_BUILDS: { values: ['0', '10001', 'all'], says: 'whole number of builds, 1 to 10000' },
  RETENTION_IMAGE_DAYS: { values: ['-1', '3651', 'long'], says: 'whole number of days, 0 to 3650' },
  RETENTION_HOST_IMAGE_DAYS: { values: ['-1', '3651', 'long'], says: 'whole number of days, 0 to 3650' },
  RETENTION_BUILD_CACHE_MB: { values: ['-1', '1.5', '20GB'], says: 'whole number of MB, 0 to 100000000' },
  RETENTION_LOG_DAYS: { values: ['-1', '3651', 'long'], says: 'whole number of days, 0 to 3650' },
  MIN_FREE_DISK_MB: { values: ['-1', '1.5', '1GB'], says: 'whole number of MB, 0 to 100000000' },
  ROUTING_HOST: {
    values: [
      'example.com',
      '{app}.example.com',
      '{environment}.example.com',
      '{app}-{environment}.example.com',
      '{app}{environment}.example.com',
      '{app}.{app}.{environment}.test',
      '{app}.{environment}.example.com/x',
      '{app}.{environment}.example.com:80',
      '{App}.{environment}.test',
      '{app}.{environment}.-a.test',
      '{app}.{environment}.a..test',
      '{app}.{environment}.test;}',
      `{app}.{environment}.${'x'.repeat(64)}`,
      `{app}.{environment}${'.x'.repeat(75)}`,
    ],
    says: '{app}.{environment}.example.com',
  },
  GITHUB_URL: { values: ['github.com', 'git'], says: 'should be a URL' },
  OTEL_EXPORTER_OTLP_ENDPOINT: { values: ['collector', 'collector:4318'], says: 'http://collector:4318' },
  OTEL_EXPORTER_OTLP_HEADERS: { values: ['token', 'a b=c', 'one=1,,two=2'], says: 'headers with commas between' },
  OTEL_SERVICE_NAME: { values: ['a b', 'x'.repeat(101), 'jöckey'], says: 'a name of letters' },
  OTEL_TRACES_SAMPLER_ARG: { values: ['-1', '1.1', 'all'], says: 'a number, 0 to 1' },
  LOG_LEVEL: { values: ['loud', 'INFO'], says: 'one of trace, debug' },
  GITHUB_API_URL: { values: ['api.github.com', 'git'], says: 'https://api.github.com' },
  CI_ISSUER: { values: ['token.actions.githubusercontent.com', 'github'], says: 'https://token.actions' },
  CI_RULES: {
    values: ['acme/blog', '*/*@refs/heads/main=viewer', 'acme/blog@main=viewer', 'acme/blog@refs/heads/main=owner'],
    says: 'acme/*@refs/heads/main=deployer:staging',
  },
  SLACK_API_URL: { values: ['slack.com/api', 'slack'], says: 'https://slack.com/api' },
  SLACK_HOOKS_URL: { values: ['hooks.slack.com', 'slack'], says: 'https://hooks.slack.com' },
  JOCKEY_URL: { values: ['jockey', 'jockey.example.com'], says: 'https://jockey.example.com' },
  SECRETS_KEY: { values: ['short', 'x'.repeat(44), '='.repeat(44)], says: '32 bytes in base64' },
  OUTBOUND_ALLOW: {
    values: ['http://hooks.internal', '10.0.0.0/33', 'hooks.internal:80', '*', 'a b', '999.1.1.1'],
    says: 'host names, addresses and CIDR ranges',
  },
  SECRETS_OLD_KEYS: { values: ['short', `${'x'.repeat(43)}=,`], says: 'with commas between' },
  GITHUB_ORG: { values: ['acme/ops', '-acme', 'a b', 'x'.repeat(40)], says: 'name of a GitHub organization' },
  GITHUB_TEAM: { values: ['acme/ops', 'Ops', '@ops', ''.padEnd(101, 'x')], says: 'a team as in its address' },
  ACCESS_TEAMS: { values: ['ops', 'ops=root', 'ops=admin,', 'ops=viewer:Two Words'], says: 'teams and their roles' },
  ACCESS_MEMBERS: { values: ['owner', 'Viewer', 'viewer,admin'], says: 'one of none, viewer, deployer, admin' },
  ACCESS_CACHE_SECONDS: { values: ['-1', '3601', '1.5', 'soon'], says: 'whole number of seconds, 0 to 3600' },
  SESSION_HOURS: { values: ['0', '721', 'long'], says: 'whole number of hours, 1 to 720' },
  LOG_LINES_PER_BUILD: { values: ['999', '100000001', '1.5', 'all'], says: 'whole number of lines, 1000 to 100000000' },
  EVENTS_KEPT_DAYS: { values: ['0', '3651', '1.5', 'all'], says: 'whole number of days, 1 to 3650' },
  RATE_LIMIT_PER_MINUTE: { values: ['-1', '1.5', 'many'], says: 'whole number, 0 to 1000000' },
  SIGN_IN_FAILURES_PER_MINUTE: { values: ['-1', '1.5', 'many'], says: 'whole number, 0 to 1000000' },
  RUN_TIME_LIMIT_SECONDS: { values: ['9', '604801', 'long'], says: 'whole number of seconds, 10 to 604800' },
  RUN_MEMORY_LIMIT_MB: { values: ['3', '1048577', 'much'], says: 'whole number of MB, 4 to 1048576' },
  RUN_ROOM_SECONDS: { values: ['-1', '3601', 'long'], says: 'whole number of seconds, 0 to 3600' },
  RUN_CONSOLE_GRACE_SECONDS: { values: ['4', '86401', 'long'], says: 'whole number of seconds, 5 to 86400' },
  RUNS_PER_APP: { values: ['0', '101', 'many'], says: 'whole number, 1 to 100' },
  SOCKETS_PER_CALLER: { values: ['0', '1001', 'many'], says: 'whole number, 1 to 1000' },
  CORS_ORIGINS: {
    values: [
      '*',
      'example.com',
      'https://example.com/',
      'https://Example.com',
      'null',
      'https://a.test,,',
      'ftp://a.test',
    ],
    says: 'origins with commas between',
  },
  BUILDS_PER_HOST: { values: ['0', '1001', '1.5', 'many'], says: 'whole number, 1 to 1000' },
  BUILDS_AT_ONCE: { values: ['0', '1001', '1.5', 'many'], says: 'whole number, 1 to 1000' },
  BUILD_TIMEOUT_MINUTES: { values: ['0', '1441', '1.5', 'long'], says: 'whole number of minutes, 1 to 1440' },
  BUILD_HOST_RETRIES: { values: ['-1', '11', '1.5', 'often'], says: 'whole number, 0 to 10' },
  BADGES_PUBLIC: { values: ['yes', 'TRUE', '2'], says: 'true or false' },
  METRICS_PUBLIC: { values: ['yes', 'TRUE', '2'], says: 'true or false' },
  BUILDSTEP_IMAGE: { values: ['-v', 'https://registry/builder', 'Builder'], says: 'name of an image' },
  CNB_BUILDER_IMAGE: { values: ['a b', 'builder:', '@sha256:1'], says: 'name of an image' },
  CNB_RUN_IMAGE: { values: ['a b', 'run:'], says: 'name of an image' },
  HOST_CERTIFICATE_DAYS: { values: ['1', '826', '1.5', 'long'], says: 'whole number of days, 2 to 825' },
  HOST_JOIN_TOKEN_HOURS: { values: ['0', '8761', '1.5', 'long'], says: 'whole number of hours, 1 to 8760' },
  HOST_JOCKEY_URL: { values: ['jockey', 'jockey.internal:4044'], says: 'https://jockey.internal' },
  HOST_CONSUL_DATACENTER: { values: ['DC 1', 'dc.1'], says: 'dc1' },
  HOST_CONSUL_GOSSIP_KEY: { values: ['secret', 'c2VjcmV0'], says: 'consul keygen' },
  HOST_CONSUL_URL: { values: ['consul.zip', '/consul.zip'], says: 'ZIP file' },
  HOST_CONSUL_SHA256: { values: ['abc', 'X'.repeat(64)], says: '64 hexadecimal digits' },
  HOST_RESERVED_MEMORY_MB: { values: ['-1', '1000001', '1.5', 'much'], says: 'whole number of MB' },
  HOST_RESERVED_CPUS: { values: ['-1', '1001', 'half'], says: 'number of processor cores' },
  HOST_LOG_MB: { values: ['0', '100001', '1.5', 'much'], says: 'whole number of MB' },
  HOST_LOG_FILES: { values: ['0', '101', '1.5', 'many'], says: 'whole number of files' },
  AWS_ENDPOINT_URL: { values: ['localhost:5555', 'aws'], says: 'http://localhost:5555' },
  AWS_EVENTS_QUEUE_URL: { values: ['jockey', 'arn:aws:sqs:eu-central-1:1:jockey'], says: 'URL of a queue' },
  SCALING_INTERVAL_SECONDS: { values: ['0', '601', '1.5', 'often'], says: 'whole number of seconds, 1 to 600' },
  TRUST_PROXY: { values: ['true', '10', '-1', 'proxy.example.com', '10.0.0.0/8,all', '*'], says: 'number of proxies' },
};

const FREE_TEXT = [
  'CI_AUDIENCE',
  'JOCKEY_HOST',
  'JOCKEY_DATA_DIR',
  'CONSUL_HTTP_TOKEN',
  'DOCKER_CERT_PATH',
  'REGISTRY_USERNAME',
  'REGISTRY_CA_FILE',
  'BUILD_PROBE_IMAGE',
  'HOST_CA_CERT_FILE',
  'HOST_CA_KEY_FILE',
  'HOST_JOCKEY_CA_FILE',
  'HOST_CONSUL_JOIN',
  'HOST_CONSUL_TOKEN',
  'HOST_CONSUL_CA_FILE',
  'REGISTRY_PASSWORD',
  'GITHUB_OAUTH_TOKEN',
  'GIT_LOCAL_ROOT',
  'GITHUB_OAUTH_CLIENT_ID',
  'GITHUB_OAUTH_CLIENT_SECRET',
  'SECRETS_KEY_FILE',
  'SLACK_SIGNING_SECRET',
  'SLACK_BOT_TOKEN',
];

function faultsOf(raw: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    parseEnvironment(raw);
    return [];
  } catch (error) {
    if (error instanceof InvalidEnvironment) return error.faults;
    throw error;
  }
}

const refusals = Object.entries(REFUSED).flatMap(([name, { values, says }]) =>
  values.map((value) => ({ name, value, says })),
);

describe('parseEnvironment', () => {
  it('needs four variables and knows a default for the rest', () => {
    expect(parseEnvironment(LEAST)).toMatchObject({
      ...LEAST,
      JOCKEY_HOST: '127.0.0.1',
      JOCKEY_PORT: 4044,
      ENGINE_EMBEDDED: false,
      ENGINE_CONCURRENCY: 10,
      CONSUL_HTTP_ADDR: 'http://127.0.0.1:8500',
      CONSUL_AGENT_PORT: 8500,
      DOCKER_PORT: 2375,
      GITHUB_URL: 'https://github.com',
      LOG_LEVEL: 'info',
    });
  });

  it.each(Object.keys(LEAST))('names %s when it is missing, once, and says what it should be', (name) => {
    const faults = faultsOf({ ...LEAST, [name]: undefined });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name} should be `))]);
  });

  it('names all that is missing in one go', () => {
    expect(
      faultsOf({})
        .map((fault) => fault.split(' ')[0])
        .sort(),
    ).toEqual(Object.keys(LEAST).sort());
    expect(() => parseEnvironment({})).toThrow(/^The configuration is not complete:\n {2}\S+ should be/);
  });

  it.each(refusals)('names $name when it is $value, and says what it should be', ({ name, value, says }) => {
    const faults = faultsOf({ ...LEAST, [name]: value });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} should be `));
    expect(faults[0]).toContain(says);
  });

  it('never tells a value that is refused: it may be a secret', () => {
    for (const { name, value } of refusals.filter((each) => each.name.endsWith('TOKEN')))
      expect(faultsOf({ ...LEAST, [name]: value }).join()).not.toContain(value);
  });

  it.each(FREE_TEXT)('takes %s as it is', (name) => {
    expect(parseEnvironment({ ...LEAST, [name]: 'any text' })).toMatchObject({ [name]: 'any text' });
  });

  it('has a case here for each variable that it reads', () => {
    const rules = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
    const known = new Set(rules.map(({ propertyName }) => propertyName));
    expect([...Object.keys(REFUSED), ...FREE_TEXT].sort()).toEqual([...known].sort());
  });

  it('reads numbers and switches from text', () => {
    const raw = { ...LEAST, JOCKEY_PORT: '0', ENGINE_CONCURRENCY: '3', ENGINE_EMBEDDED: 'true' };
    expect(parseEnvironment(raw)).toMatchObject({ JOCKEY_PORT: 0, ENGINE_CONCURRENCY: 3, ENGINE_EMBEDDED: true });
    expect(parseEnvironment({ ...LEAST, ENGINE_EMBEDDED: '1' }).ENGINE_EMBEDDED).toBe(true);
    expect(parseEnvironment({ ...LEAST, ENGINE_EMBEDDED: '0' }).ENGINE_EMBEDDED).toBe(false);
  });

  it.each(['{app}.{environment}.example.com', '{environment}.{app}', 'app-{app}.eu.{environment}-1.test'])(
    'takes the host names %s',
    (pattern) => expect(parseEnvironment({ ...LEAST, ROUTING_HOST: pattern }).ROUTING_HOST).toBe(pattern),
  );

  it('takes an empty variable for one that is not set', () => {
    expect(parseEnvironment({ ...LEAST, JOCKEY_PORT: '', LOG_LEVEL: '' })).toMatchObject({
      JOCKEY_PORT: 4044,
      LOG_LEVEL: 'info',
    });
    expect(faultsOf({ ...LEAST, DATABASE_URL: '' })).toHaveLength(1);
  });

  it('leaves alone what is not its own', () => {
    expect(parseEnvironment({ ...LEAST, PATH: '/bin', HOME: '/root' })).not.toHaveProperty('PATH');
  });
});
