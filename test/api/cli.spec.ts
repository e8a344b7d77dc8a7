import { execFileSync } from 'node:child_process';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi, TOKEN } from '../support/api.js';
import { CliMachine, type CliRun, type CliRunOptions } from '../support/cli.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

/** Something that listens, and is no Jockey. */
function stranger(answer: { status: number; headers: Record<string, string>; body: string }): Promise<Server> {
  return listening((_request, response) => void response.writeHead(answer.status, answer.headers).end(answer.body));
}

async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

describe('the CLI', () => {
  let api: TestApi;
  let machine: CliMachine;

  const jockey = (line: string, options?: CliRunOptions): Promise<CliRun> => machine.run(line.split(' '), options);
  const data = async <T>(line: string): Promise<T> => JSON.parse((await jockey(`${line} --json`)).stdout) as T;

  beforeAll(async () => {
    api = await TestApi.start({
      environment: {
        ROUTING_HOST: '{app}.{environment}.example.com',
        SECRETS_KEY: Buffer.alloc(32, 5).toString('base64'),
      },
    });
    await seedPlaces(api.dataSource);
    machine = await CliMachine.make({ JOCKEY_URL: api.url, JOCKEY_OAUTH_TOKEN: TOKEN });
    await jockey('apps:create shop acme/shop');
    await jockey('workers:create clock -a shop command=bin/clock scale=2');
  });
  afterAll(async () => {
    await machine?.remove();
    await api?.stop();
  });

  describe('verbs', () => {
    it('create, list, show, change and delete', async () => {
      expect((await jockey('apps:create blog acme/blog deploy_queue=latest_wins')).exit).toBe(0);
      expect((await jockey('apps')).stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
        'NAME',
        'blog',
        'shop',
        '',
      ]);
      expect(await data('apps info blog')).toMatchObject({ name: 'blog', deploy_queue: 'latest_wins' });
      expect((await jockey('apps:update blog dockerfile=Dockerfile.web')).stdout).toContain('Dockerfile.web');
      expect((await jockey('apps:delete blog')).exit).toBe(0);
      expect(await data('apps')).toHaveLength(1);
    });

    it('read fields of other kinds from a file, or as what is piped in', async () => {
      const body = JSON.stringify({ kind: 'generic', url: 'https://hooks.example.com/1', events: ['deploy.failed'] });
      const made = await jockey('notifications:create --input - --json', { stdin: body });
      expect([made.exit, JSON.parse(made.stdout)]).toMatchObject([0, { events: ['deploy.failed'], enabled: true }]);
    });

    it('set, show, compare, revert and take away variables', async () => {
      const set = await jockey('config set -a shop LOG_LEVEL=info RACK_ENV=production');
      expect([set.exit, set.stderr]).toEqual([0, expect.stringContaining('are version 2')]);
      await jockey('config:set -a shop LOG_LEVEL=debug --secret PASSWORD', { stdin: 'correct horse\n' });
      const shown = await jockey('config -a shop');
      expect(shown.stdout.split('\n')).toEqual(expect.arrayContaining(['LOG_LEVEL=debug', 'RACK_ENV=production']));
      expect([shown.stderr, shown.stderr.includes('horse')]).toEqual([
        expect.stringContaining('PASSWORD is a secret'),
        false,
      ]);
      expect((await jockey('config get LOG_LEVEL -a shop')).stdout).toBe('debug\n');
      expect((await jockey('config get PASSWORD -a shop')).exit).toBe(5);
      expect((await jockey('config diff -a shop')).stdout).toMatch(
        /^- LOG_LEVEL=info\n\+ LOG_LEVEL=debug\n\+ PASSWORD=\(secret /,
      );
      expect((await jockey('config unset PASSWORD LOG_LEVEL -a shop')).exit).toBe(0);
      expect((await jockey('config unset NOBODY -a shop')).exit).toBe(1);
      expect(await data('config history -a shop -n 2')).toHaveLength(2);
      await jockey('config revert 2 -a shop --reason oops');
      expect((await jockey('config get LOG_LEVEL -a shop')).stdout).toBe('info\n');
    });

    it('scale, and show the scale', async () => {
      expect((await jockey('scale clock=3 -a shop --no-wait')).stdout).toBe('clock is scaled to 3.\n');
      expect((await jockey('scale -a shop')).stdout).toMatch(/\nclock +3 +bin\/clock\n/);
      expect((await jockey('scale clock=many -a shop')).exit).toBe(1);
    });

    it('say what runs, what is locked, and what came of a deploy', async () => {
      expect((await jockey('status -a shop')).stdout).toContain('nothing was deployed yet');
      await jockey('lock -a shop database moves');
      const { id } = await putDeploy(api.dataSource, { app: 'shop', environment: 'production' }, 'failed');
      const { stdout } = await jockey('status -a shop');
      expect(stdout).toContain(`deploy ${id} of ${shaOf(1).slice(0, 7)}: failed`);
      expect(stdout).toContain('locked: database moves');
      expect(await data('status -a shop')).toMatchObject({ hold: { reason: 'database moves' }, deploy: { id } });
      expect((await jockey('unlock -a shop')).exit).toBe(0);
      expect((await jockey('lock:info -a shop')).exit).toBe(1);
      expect((await jockey('explain -a shop')).stdout).toContain(`Deploy ${id}`);
    });

    it('plan: 10 where something would change', async () => {
      const none = await jockey('plan --scale clock=3 -a shop');
      expect([none.exit, none.stderr]).toEqual([0, '']);
      const text = await jockey(`plan --json --release v1 --scale clock=1 -a shop`);
      expect([text.exit, text.stderr]).toEqual([1, expect.stringContaining('one change')]);
    });

    it('page through lists, and say that there is more', async () => {
      for (const name of ['a', 'b', 'c']) await jockey(`stacks:create ${name}`);
      const { stdout, stderr } = await jockey('stacks -n 2');
      expect([stdout.trim().split('\n').length, stderr]).toEqual([3, 'These are 2 of 5: --limit 5 shows all.\n']);
      expect((await jockey('stacks -n 2 -q')).stderr).toBe('');
    });

    it('print what is no table as it is', async () => {
      expect(await jockey('routes:nginx')).toMatchObject({ exit: 0, stderr: '' });
      expect((await jockey('audit:export')).stdout.split('\n')[0]).toMatch(/^\{"/);
    });

    it('say commands as in a chat', async () => {
      expect((await jockey('chat status shop production')).stdout).toContain('shop in production');
      expect((await jockey('chat')).stdout).toContain('deploy APP ENVIRONMENT');
    });

    it('tell the health and both versions', async () => {
      expect((await jockey('version')).stdout).toMatch(/^program +\d+\.\d+\.\d+\nserver +\d+\.\d+\.\d+ \(API 1\)/);
      expect((await jockey('health')).stdout).toContain('postgres');
    });
  });

  describe('signing in', () => {
    const nowhere = { JOCKEY_URL: undefined, JOCKEY_OAUTH_TOKEN: undefined };
    const rc = (): string => join(machine.home, '.jockeyrc');

    it('keeps address and token for its owner alone, and forgets the token', async () => {
      await writeFile(rc(), '# mine\nssh_user: ann\n');
      const line = `login --url ${api.url} --with-token`;
      const { exit, stdout } = await jockey(line, { stdin: `${TOKEN}\n`, environment: nowhere });
      expect([exit, stdout]).toEqual([0, expect.stringContaining(api.url)]);
      expect([(await stat(rc())).mode & 0o777, await readFile(rc(), 'utf8')]).toEqual([
        0o600,
        `# mine\nssh_user: ann\njockey_url: ${api.url}\ngithub_oauth_token: ${TOKEN}\n`,
      ]);
      expect((await jockey('whoami', { environment: nowhere })).stdout).toContain('bootstrap');
      expect((await jockey('logout', { environment: nowhere })).exit).toBe(0);
      expect(await readFile(rc(), 'utf8')).not.toContain(TOKEN);
      expect((await jockey('whoami', { environment: nowhere })).exit).toBe(5);
      await rm(rc());
    });

    it('does not keep a token that is not valid', async () => {
      const run = await jockey(`login --url ${api.url} --with-token`, {
        stdin: 'wrong-token-0123456789',
        environment: nowhere,
      });
      expect([run.exit, run.stderr]).toEqual([5, expect.stringContaining('jockey login')]);
      await expect(stat(rc())).rejects.toThrow('ENOENT');
    });

    it('says where the address belongs when there is none', async () => {
      const run = await jockey('apps', { environment: nowhere });
      expect([run.exit, run.stderr]).toEqual([1, expect.stringContaining('JOCKEY_URL')]);
    });
  });

  describe('bad input', () => {
    it.each([
      ['an unknown verb', 'statsu', 1, 'Did you mean `jockey status`?'],
      ['an unknown word behind a verb', 'apps craete', 1, 'apps:create'],
      ['an unknown option', 'apps --jsn', 1, 'json'],
      ['a missing word', 'apps:create shop', 1, 'REPO'],
      ['a limit that is no number', 'apps -n many', 1, 'whole number'],
      ['a field that is none', 'apps:update shop dockerfile', 1, 'NAME=VALUE'],
      ['a field that the API refuses', 'workers:create x -a shop scale=-1', 1, 'scale'],
      ['an app that is not there', 'apps:info nobody', 1, 'nobody'],
      ['an app that is there already', 'apps:create shop acme/shop', 7, 'shop'],
      ['no app', 'status', 1, '--app'],
    ])('%s', async (_, line, ...[exit, sentence]) => {
      const run = await jockey(line);
      expect([run.exit, run.stdout, run.stderr]).toEqual([exit, '', expect.stringContaining(sentence)]);
      expect(run.stderr).not.toMatch(/\n {4}at /);
    });

    it('is told as JSON where JSON is wanted', async () => {
      const { exit, stderr } = await jockey('apps:info nobody --json');
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_found', exit_code: exit } });
    });

    it('a token that was revoked, and one without the right', async () => {
      const made = await data<{ id: string; token: string }>(
        'tokens:create ci verbs[]=read apps[]=shop environments[]=staging expires_in_days=1',
      );
      const environment = { JOCKEY_OAUTH_TOKEN: made.token };
      const refused = await jockey('stacks:create more', { environment });
      expect([refused.exit, refused.stderr]).toEqual([5, expect.stringContaining('whoami')]);
      await jockey(`tokens:revoke ${made.id}`);
      const revoked = await jockey('apps', { environment });
      expect([revoked.exit, revoked.stderr]).toEqual([5, expect.stringContaining('jockey login')]);
    });

    it('no server, and one that speaks no TLS', async () => {
      const closed = await stranger({ status: 200, headers: {}, body: '' });
      const url = urlOf(closed);
      await new Promise((resolve) => closed.close(resolve));
      const none = await jockey('apps', { environment: { JOCKEY_URL: url } });
      expect([none.exit, none.stderr]).toEqual([2, expect.stringMatching(/nothing listens there.*\nIs Jockey up/)]);
      const plain = await jockey('apps', { environment: { JOCKEY_URL: api.url.replace('http:', 'https:') } });
      expect([plain.exit, plain.stderr]).toEqual([2, expect.stringContaining('does not speak TLS')]);
    });

    it.each([
      ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }, 'not with JSON'],
      [
        'a proxy without Jockey',
        { status: 502, headers: { 'content-type': 'text/html' }, body: '<html>' },
        'answers 502',
      ],
      [
        'a redirection',
        { status: 302, headers: { location: 'https://login.example.com/' }, body: '' },
        'login.example.com',
      ],
    ])('%s where Jockey should be', async (_, answer, sentence) => {
      const server = await stranger(answer);
      const run = await jockey('apps', { environment: { JOCKEY_URL: urlOf(server) } });
      server.close();
      expect([run.exit, run.stderr]).toEqual([2, expect.stringContaining(sentence)]);
    });

    it.each([
      ['older', { 'jockey-version': '0.0.9' }, 'older than this program'],
      ['newer', { 'jockey-version': '99.1.0' }, 'newer than this program'],
      ['too old to say its version', {}, 'does not say its version'],
    ])('a server that is %s, and does not know what is asked', async (_, headers, sentence) => {
      const problem = { detail: 'There is no such path.', error: { code: 'not_found', message: '' } };
      const type = { 'content-type': 'application/problem+json' };
      const server = await stranger({ status: 404, headers: { ...type, ...headers }, body: JSON.stringify(problem) });
      const run = await jockey('places', { environment: { JOCKEY_URL: urlOf(server) } });
      server.close();
      expect([run.exit, run.stderr]).toEqual([1, expect.stringContaining(sentence)]);
    });

    it('a server that is gone in the middle of its answer', async () => {
      const server = await listening((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"data":[', () => response.destroy());
      });
      const run = await jockey('apps', { environment: { JOCKEY_URL: urlOf(server) } });
      server.close();
      expect([run.exit, run.stderr]).toEqual([
        2,
        expect.stringContaining('it broke the connection off.\nWas it stopped'),
      ]);
    });

    it('a proxy whose answer never ends: it does not wait for that', async () => {
      const server = await listening((_request, response) => {
        response.writeHead(502, { 'content-type': 'text/html' }).write('<html>');
      });
      const left = new Promise<void>((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
      const run = await jockey('apps', { environment: { JOCKEY_URL: urlOf(server) } });
      expect([run.exit, run.stderr]).toEqual([2, expect.stringContaining('answers 502')]);
      await left;
      server.close();
    });

    it('fits 40 columns', async () => {
      for (const line of ['workers', 'audit', 'help', 'apps', 'releases -a shop', 'scale -a shop']) {
        const { stdout } = await jockey(line, { columns: 40, environment: { NO_COLOR: '1' } });
        expect([line, stdout.split('\n').filter((each) => each.length > 40)]).toEqual([line, []]);
      }
    });
  });

  describe('in a Git checkout', () => {
    const git = (...words: string[]): Buffer => execFileSync('git', words, { cwd: machine.folder });

    beforeAll(() => {
      git('init', '-q');
      git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
    });

    it('means the app that is built from it, and asks which where there are several', async () => {
      expect((await jockey('status')).stdout).toContain('shop in production');
      await jockey('apps:create shop-admin acme/shop');
      const ambiguous = await jockey('status');
      expect([ambiguous.exit, ambiguous.stderr]).toEqual([
        1,
        expect.stringContaining('more than one app: shop, shop-admin'),
      ]);
      await writeFile(join(machine.folder, '.jockey.yml'), 'app: shop\nenvironment: staging\n');
      expect((await jockey('status')).stdout).toContain('shop in staging');
      expect((await jockey('status -a shop-admin -e production')).stdout).toContain('shop-admin in production');
    });

    it('lets no project file say where a token goes', async () => {
      await writeFile(join(machine.folder, '.jockey.yml'), 'jockey_url: https://evil.example.com\n');
      const run = await jockey('status');
      expect([run.exit, run.stderr]).toEqual([1, expect.stringContaining('jockey_url')]);
    });
  });
});
