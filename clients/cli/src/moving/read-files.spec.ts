import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { readCompose } from './read-compose.js';
import { kamalApp, readKamal } from './read-kamal.js';
import { commandOf, mebibytesOf, type SaidMap } from './said-map.js';

const GOAL = { app: 'shop', environment: 'production', repo: 'acme/shop' };

const compose = (text: string) => {
  const { apps, remarks } = readCompose(parse(text) as SaidMap, GOAL);
  return { ...apps[0]?.places[0], remarks };
};

const kamal = (text: string) => {
  const { apps, remarks } = readKamal(parse(text) as SaidMap, GOAL);
  return { ...apps[0]?.places[0], remarks };
};

describe('a compose file', () => {
  const SHOP = `
services:
  web:
    build: .
    command: bundle exec puma -C config/puma.rb
    ports: ["80:3000"]
    environment: { RAILS_ENV: production, WEB_CONCURRENCY: 2, SECRET_KEY_BASE: }
    healthcheck: { test: [CMD, curl, -f, "http://localhost:3000/up"] }
    deploy: { replicas: 2, resources: { limits: { memory: 512M, cpus: "0.5" } } }
    depends_on: [db]
  jobs:
    build: { context: ., dockerfile: Dockerfile.jobs }
    command: ["sidekiq", "-q", "two words"]
    environment: ["RAILS_ENV=production", "REDIS_URL=\${REDIS_URL:-redis://cache:6379}", "WEB_CONCURRENCY=5"]
  db:
    image: postgres:16
    volumes: ["data:/var/lib/postgresql/data"]
`;

  it('is an app whose workers are the services that are built', () => {
    expect(compose(SHOP).workers).toEqual([
      {
        name: 'web',
        command: 'bundle exec puma -C config/puma.rb',
        scale: 2,
        port: 3000,
        memory_mb: 512,
        cpus: 0.5,
        health_path: '/up',
      },
      { name: 'jobs', command: 'sidekiq -q "two words"', scale: 1 },
    ]);
  });

  it('gives all workers one set of variables', () => {
    expect(compose(SHOP).config).toEqual({
      RAILS_ENV: 'production',
      WEB_CONCURRENCY: '2',
      REDIS_URL: 'redis://cache:6379',
      PORT: '3000',
    });
  });

  it('says what has no counterpart', () => {
    expect(compose(SHOP).remarks).toEqual([
      'db (postgres:16) is not built from the repository: run it elsewhere, and give its address as a variable.',
      'SECRET_KEY_BASE of web comes from the shell: jockey config:set SECRET_KEY_BASE=VALUE',
      expect.stringContaining('web: depends_on:') as string,
      expect.stringContaining('WEB_CONCURRENCY differs between services') as string,
      'jobs is built otherwise: jockey apps:update shop dockerfile=Dockerfile.jobs',
    ]);
  });

  it('calls the service with a port web', () => {
    const { workers, remarks } = compose('services: { site: { build: ., expose: [8080] }, clock: { build: . } }');
    expect(workers?.map(({ name, port }) => [name, port])).toEqual([
      ['web', 8080],
      ['clock', undefined],
    ]);
    expect(remarks).toContain('site is called web here: traffic goes to the worker of that name.');
  });

  it.each([
    'services:',
    'services: []',
    'services: { a: }',
    'services: { a: { build: [], environment: 3, ports: {} } }',
  ])('that says nothing of use breaks nothing: %s', (text) => expect(() => compose(text)).not.toThrow());
});

describe("Kamal's deploy.yml", () => {
  const SHOP = `
service: my_shop
image: acme/my_shop
servers:
  web: [10.0.0.1, 10.0.0.2]
  job: { hosts: [10.0.0.3], cmd: bin/jobs, options: { memory: 1g, add-host: "x:1" } }
proxy: { host: shop.example.com, app_port: 3000, healthcheck: { path: /health } }
registry: { username: acme }
env:
  clear: { DB_HOST: 10.0.0.9, PORT: 3000 }
  secret: [RAILS_MASTER_KEY, "DB_PASSWORD:MAIN_DB_PASSWORD"]
accessories: { db: { image: "postgres:16" } }
`;

  it('is an app whose workers are the roles, one instance a host', () => {
    const { workers, config } = kamal(SHOP);
    expect(workers).toEqual([
      { name: 'web', command: '', scale: 2, port: 3000, health_path: '/health' },
      { name: 'job', command: 'bin/jobs', scale: 1, memory_mb: 1024 },
    ]);
    expect(config).toEqual({ DB_HOST: '10.0.0.9', PORT: '3000' });
    expect(kamalApp(parse(SHOP) as SaidMap)).toBe('my-shop');
  });

  it('says what has no counterpart, and which secrets are needed', () => {
    const { remarks } = kamal(SHOP);
    expect(remarks).toContain(
      'Secrets are not in the file: jockey config:set --secret RAILS_MASTER_KEY=… --secret DB_PASSWORD=…',
    );
    for (const word of ['accessories', 'registry', 'add-host', 'ROUTING_HOST'])
      expect(remarks).toContainEqual(expect.stringContaining(word));
  });

  it('knows a bare list of hosts and a bare map of variables', () => {
    const { workers, config } = kamal('servers: [a, b, c]\nenv: { A: 1 }');
    expect(workers).toEqual([{ name: 'web', command: '', scale: 3, port: 80, health_path: '/up' }]);
    expect(config).toEqual({ A: '1', PORT: '80' });
  });
});

describe('words of these files', () => {
  it.each([
    ['512M', 512],
    ['1g', 1024],
    ['256mb', 256],
    ['1.5GiB', 1536],
    ['1048576', 1],
    ['lots', undefined],
    [undefined, undefined],
  ])('%s is so many mebibytes', (text, size) => expect(mebibytesOf(text)).toBe(size));

  it('quotes words of a command where they have to be', () => {
    expect(commandOf(['sh', '-c', 'echo "hi" $HOME'])).toBe('sh -c "echo \\"hi\\" $HOME"');
    expect(commandOf('as it is')).toBe('as it is');
    expect(commandOf(undefined)).toBeUndefined();
  });
});
