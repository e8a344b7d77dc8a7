import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../clients/cli/src/program.js';
import { TestApi, TOKEN } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

const THEIR_TOKEN = 'a-token-of-the-original';

/** What the original answers, as it did: bare workers, variables of any kind, and pages only where it had them. */
const ORIGINAL: Readonly<Record<string, (query: URLSearchParams) => object>> = {
  '/environments': () => ({
    data: [
      { id: '1', name: 'production' },
      { id: '2', name: 'qa' },
    ],
  }),
  '/apps': () => ({
    data: [
      { object_type: 'app', id: '1', name: 'shop', repo: 'acme/shop', subscribe_to_github_webhook: true },
      { object_type: 'app', id: '2', name: 'Test App', repo: 'acme/test', subscribe_to_github_webhook: false },
    ],
  }),
  '/config_sets': (query) => ({
    data:
      query.get('app') === 'shop' && query.get('environment') === 'production'
        ? [
            {
              id: '1',
              config: { id: 'production', RACK_ENV: 'production', WORKERS: 3, DEBUG: null, API_KEY: 'hush-hush-hush' },
            },
          ]
        : [],
  }),
  '/workers': (query) => ({
    data:
      query.get('environment') === 'production'
        ? [{ id: '1', name: 'web', command: '/start web', scale: 2 }]
        : query.get('app') === 'shop'
          ? [{ id: '2', name: 'sidekiq', command: '/start sidekiq', scale: 1 }]
          : [],
  }),
  '/deploys': (query) => ({
    data:
      query.get('app') === 'shop' && query.get('environment') === 'production'
        ? [{ id: '9', state: 'deployed', build: { rref: 'f'.repeat(40) } }]
        : [],
    pagination: { page: 1, per_page: 100, total_pages: 1, total_count: 1 },
  }),
};

function startOriginal(): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://original');
    const answer = ORIGINAL[pathname];
    const isKnown = searchParams.get('github_access_token') === THEIR_TOKEN;
    const body = isKnown ? answer?.(searchParams) : { error: { code: 'not_authenticated', message: 'Not a member.' } };
    response.writeHead(isKnown ? (answer === undefined ? 404 : 200) : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

interface Said {
  readonly steps: readonly { readonly kind: string; readonly what: string; readonly action: string }[];
  readonly remarks: readonly string[];
  readonly failures: readonly string[];
}

describe('jockey import', () => {
  let api: TestApi;
  let original: Server;
  let folder: string;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: Buffer.alloc(32, 9).toString('base64') } });
    await seedPlaces(api.dataSource);
    original = await startOriginal();
    folder = await mkdtemp(join(tmpdir(), 'importing-'));
  });
  afterAll(async () => {
    original?.close();
    await api?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a line of the CLI, and answers how it ended and what it said. */
  async function run(...line: string[]): Promise<{ code: number; out: string; err: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const environment = { JOCKEY_URL: api.url, JOCKEY_OAUTH_TOKEN: TOKEN, JOCKEY_ORIGINAL_TOKEN: THEIR_TOKEN };
    const world = { environment, stdin: new PassThrough(), stdout, stderr, folder, home: folder };
    const code = await runProgram(line, { ...world, onInterrupt: () => () => undefined });
    return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
  }

  const from = () => `http://127.0.0.1:${(original.address() as AddressInfo).port}`;
  const importOriginal = async (...options: string[]) => {
    const { code, out } = await run('import:original', '--from', from(), '--json', ...options);
    return { code, ...(JSON.parse(out) as Said) };
  };
  const open = ({ steps }: Said) => steps.filter(({ action }) => action === 'create' || action === 'change');
  const read = async <T>(path: string): Promise<T> => (await api.client.get(path)).body.data as T;

  it('says first what it would write, and writes nothing', async () => {
    const said = await importOriginal();
    expect(said.code).toBe(0);
    expect(open(said).map(({ action, kind, what }) => `${action} ${kind} ${what}`)).toEqual([
      'create environment qa',
      'create app shop',
      'create config shop/production',
      'create worker shop/production/web',
      'create worker shop/qa/sidekiq',
      'create app test-app',
      'create worker test-app/production/web',
    ]);
    expect(said.remarks).toContainEqual(expect.stringContaining('"Test App" is called test-app here'));
    expect(said.remarks).toContainEqual(expect.stringContaining(`jockey deploy ${'f'.repeat(40)} --app shop`));
    expect(said.remarks).toContainEqual(expect.stringContaining('look like secrets'));
    expect(JSON.stringify(said)).not.toContain('hush');
    expect(await read('/apps')).toEqual([]);
  });

  it('writes it, secrets where they are named, and finds nothing to do after', async () => {
    const said = await importOriginal('--apply', '--secret', 'API_KEY');
    expect([said.code, said.failures]).toEqual([0, []]);
    expect(await read('/apps?name=shop')).toMatchObject([{ repo: 'acme/shop', subscribe_to_github_webhook: true }]);
    const [set] = await read<{ config: object; secrets: { name: string }[] }[]>(
      '/config_sets?app=shop&environment=production',
    );
    expect(set?.config).toMatchObject({ id: 'production', RACK_ENV: 'production', WORKERS: '3', DEBUG: '' });
    expect(set?.secrets.map(({ name }) => name)).toEqual(['API_KEY']);
    expect(await read('/workers?app=shop&environment=production')).toMatchObject([{ name: 'web', scale: 2 }]);
    expect(await read('/workers?app=shop&environment=qa')).toMatchObject([
      { name: 'sidekiq', command: '/start sidekiq' },
    ]);
    expect(await read('/deploys')).toEqual([]);
    expect(open(await importOriginal('--apply'))).toEqual([]);
  });

  it('keeps what was changed here, and takes the other only where it is told to', async () => {
    const [web] = await read<{ id: string }[]>('/workers?app=shop&environment=production');
    await api.client.put(`/workers/${web?.id}`, { scale: 5 });
    await importOriginal('--apply', '--only', 'shop');
    expect(await read('/workers?app=shop&environment=production')).toMatchObject([{ scale: 5 }]);
    await importOriginal('--apply', '--overwrite', '--secret', 'API_KEY', '--only', 'shop');
    expect(await read('/workers?app=shop&environment=production')).toMatchObject([{ scale: 2 }]);
  });

  it('says what could not be written, and writes the rest', async () => {
    const file = 'services: { web: { build: ., environment: { "not-a-name": 1 } }, "123": { build: . } }';
    await writeFile(join(folder, 'compose.yml'), file);
    const { code, out } = await run(
      'import:compose',
      'compose.yml',
      '--app',
      'site',
      '--repo',
      'acme/site',
      '--json',
      '--apply',
    );
    const { failures } = JSON.parse(out) as Said;
    expect(code).toBe(2);
    expect(failures).toEqual([
      expect.stringContaining('config site/production: ') as string,
      expect.stringContaining('worker site/production/') as string,
    ]);
    expect(await read('/workers?app=site&environment=production')).toMatchObject([
      { name: 'web', command: '', scale: 1 },
    ]);
  });

  it('makes an app out of a deploy.yml of Kamal', async () => {
    const file =
      'service: kiosk\nservers: { web: [a, b], job: { hosts: [c], cmd: "bin/jobs" } }\nenv: { clear: { A: 1 } }\n';
    await writeFile(join(folder, 'deploy.yml'), file);
    expect(await run('import:kamal', 'deploy.yml', '--repo', 'acme/kiosk', '--apply')).toMatchObject({ code: 0 });
    expect(await read('/workers?app=kiosk&environment=production&sort_by=id')).toMatchObject([
      { name: 'web', scale: 2, port: 80, health_path: '/up' },
      { name: 'job', scale: 1, command: 'bin/jobs' },
    ]);
  });

  it.each([
    [['import:original'], 1, '--from https://'],
    [['import:original', '--from', 'ftp://x'], 1, '--from https://'],
    [['import:compose', 'nothing.yml', '--app', 'x'], 1, 'There is no file'],
    [['import:compose', 'deploy.yml', '--app', 'x'], 1, 'holds no services'],
    [['import:kamal', 'compose.yml'], 1, 'holds no servers'],
  ])('%j ends with %i and says why', async (line, code, words) => {
    const said = await run(...line);
    expect([said.code, said.err]).toEqual([code, expect.stringContaining(words)]);
  });

  it('says what the original says when it refuses, and when nothing is there', async () => {
    const refused = await run('import:original', '--from', from(), '--token', 'wrong');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('Not a member.')]);
    const lost = await run('import:original', '--from', 'http://127.0.0.1:1');
    expect([lost.code, lost.err]).toEqual([2, expect.stringContaining('127.0.0.1:1')]);
  });
});
