/**
 * The borders between the layers, as docs/architecture.md draws them. `to` lists what a layer may import; everything
 * else below src/ is refused, and so are cycles.
 */
const layer = (name, mayImport, mayUse = []) => ({
  name: `${name}-imports-only-its-own-kind`,
  severity: 'error',
  from: { path: `^src/${name}/`, pathNot: '\\.spec\\.ts$' },
  to: {
    pathNot: [
      `^src/${name}/`,
      ...mayImport.map((path) => `^src/${path}`),
      ...mayUse,
      '^node_modules/(pino|reflect-metadata|rxjs)/',
    ],
    dependencyTypesNot: ['core'],
  },
});

const SDK = {
  aws: ['@aws-sdk', '@smithy'],
  certificates: ['@peculiar', 'reflect-metadata'],
  metrics: [],
  docker: [
    'dockerode',
    '@grpc',
    'protobufjs',
    '@types/dockerode',
    'tar-fs',
    'tar-stream',
    '@types/tar-stream',
    '@types/tar-fs',
    'smol-toml',
  ],
  consul: ['consul'],
  git: [],
  github: ['@octokit'],
  bull: ['bull', 'ioredis'],
  clock: [],
  registry: [],
  slack: [],
  telemetry: ['@opentelemetry'],
  'http-probe': [],
  'outbound-http': [],
};

const adapter = ([name, packages]) => ({
  name: `adapter-${name}-knows-one-sdk`,
  severity: 'error',
  from: { path: `^src/adapters/${name}/`, pathNot: '\\.spec\\.ts$' },
  to: {
    pathNot: [
      `^src/adapters/${name}/`,
      '^src/adapters/[^/]+\\.ts$',
      '^src/(ports|domain|config)/',
      '^node_modules/(@nestjs|pino)/',
      ...packages.map((each) => `^node_modules/${each}/`),
    ],
    dependencyTypesNot: ['core'],
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: { pathNot: 'entities/' },
      // What is loaded by import() when it is asked for is there by then.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['dynamic-import'] } },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^src/domain/' },
    },
    layer('ports', ['domain/']),
    layer(
      'store',
      ['domain/', 'config/'],
      ['^node_modules/(typeorm|pg|@types/pg)/', '^node_modules/@nestjs/', '^migrations/'],
    ),
    layer('notification', ['domain/', 'ports/', 'store/', 'config/'], ['^node_modules/(@nestjs|typeorm)/']),
    layer('observation', ['domain/', 'ports/', 'store/', 'config/'], ['^node_modules/(@nestjs|croner)/']),
    layer(
      'engine',
      ['domain/', 'ports/', 'store/', 'observation/', 'notification/', 'config/'],
      ['^node_modules/(@nestjs|typeorm|tar-fs|tar-stream)/'],
    ),
    layer(
      'features',
      [
        'domain/',
        'store/',
        'observation/',
        'notification/',
        'notification/',
        'ports/(work-queue|container-consoles|container-logs|host-groups|metric-source|host-certificates|source-code|host-catalog|service-registry|org-members|repo-host|outbound-http|resource-views|chat-room)',
        'commands/',
        'http/',
      ],
      [
        '^node_modules/(@nestjs|typeorm|class-validator|class-transformer|express|@types/express|prom-client|ws|@types/ws)/',
      ],
    ),
    layer(
      'http',
      ['domain/', 'store/', 'config/', 'ports/(org-members|tracer)'],
      [
        '^node_modules/(@nestjs|typeorm|class-validator|class-transformer|express|@types/express|jose|helmet|pino-http|passport|passport-github2|passport-oauth2|express-rate-limit|@types/passport[^/]*|swagger-ui-express|qs|body-parser|ws|@types/ws)/',
      ],
    ),
    layer(
      'config',
      ['domain/access/', 'domain/kernel/', 'domain/outbound/'],
      ['^node_modules/(class-validator|class-transformer|@nestjs)/'],
    ),
    ...Object.entries(SDK).map(adapter),
    {
      name: 'clients-know-the-api-alone',
      severity: 'error',
      from: { path: '^clients/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(src|tools|test|bench|seeds|migrations)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
