import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogBook } from '../../src/store/log-book.js';
import type { DeployRow, InstanceRow } from '../../src/store/entities/index.js';
import type { Reply } from '../support/api-client.js';
import { everythingIn } from '../support/everything.js';
import { TestApi, TOKEN } from '../support/api.js';
import { putDeploy, putInstance, putThere, seedPlaces } from '../support/world.js';
import { WrittenLines } from '../support/written-lines.js';

const CANARY = 'c4n4ry-"quoted"-$ecret/+=';

/** The ways in which it would be read, and its middle in Base64. */
const FORMS = ['c4n4ry', encodeURIComponent(CANARY).slice(3, 20), 'YzRuNHJ5', 'M0bjRyeS', '$ecret/+='];

/** Two variables have the one value. */
const SEEN_WITHOUT = /\[secret [TU]\]/;

/** A key is thrown away after each way in which it was sent, so that the same request is never answered by heart. */
let keys = 0;

describe('a planted secret', () => {
  let api: TestApi;
  let lines: WrittenLines;
  let id: string;
  let deploy: DeployRow;
  let instance: InstanceRow;
  const answers: { what: string; text: string }[] = [];

  const ask = async (method: string, path: string, body?: unknown): Promise<Reply> => {
    const json = { 'content-type': 'application/json', 'idempotency-key': `canary-${(keys += 1)}` };
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const reply = await api.client.send(method, path, { ...sent, headers: body === undefined ? {} : json });
    const headers = JSON.stringify([...reply.headers]);
    answers.push({ what: `${method} ${path} ${reply.status}`, text: `${headers} ${reply.text}` });
    return reply;
  };

  beforeAll(async () => {
    lines = WrittenLines.ofThisProcess();
    api = await TestApi.start({ environment: { SECRETS_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'trace' } });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    const place = { app: 'sample', environment: 'staging' };
    id = (await ask('POST', '/config_sets', { ...place, secrets: { T: CANARY }, reason: `set T to ${CANARY}` })).body
      .data.id;
    await ask('POST', '/workers', { ...place, name: 'web', command: '/start web', scale: 1 });
    deploy = await putDeploy(api.dataSource, place, 'deployed');
    instance = await putInstance(api.dataSource, deploy, { host: 'h1' });
    putThere(api.world, place, [instance]);
    const services = [...api.world.registry.services];
    for (const [service, list] of services)
      api.world.registry.services.set(
        service,
        list.map((each) => ({ ...each, check: 'critical' as const, checkOutput: `HTTP 500: token ${CANARY}` })),
      );
  });
  afterAll(async () => {
    lines.stop();
    await api?.stop();
  });

  it('is changed, removed, brought back and rolled', async () => {
    const again = [{ T: `${CANARY}2` }, { T: null }, { T: CANARY, U: CANARY }].map((secrets) => ({ secrets }));
    for (const body of again)
      expect((await ask('PUT', `/config_sets/${id}`, { ...body, reason: `as ${CANARY}` })).status).toBe(200);
    expect((await ask('POST', `/config_sets/${id}/revert`, { version: 1, apply: 'roll' })).status).toBe(200);
  });

  it('is sent in every wrong way', async () => {
    const wrong: [string, string, unknown][] = [
      ['PUT', `/config_sets/${id}`, { secrets: CANARY }],
      ['PUT', `/config_sets/${id}`, { secrets: [CANARY] }],
      ['PUT', `/config_sets/${id}`, { secrets: { T: [CANARY] } }],
      ['PUT', `/config_sets/${id}`, { secrets: { 'A B': CANARY } }],
      ['PUT', `/config_sets/${id}`, { secrets: { T: CANARY }, config: { T: CANARY } }],
      ['PUT', `/config_sets/${id}`, `{"secrets": {"T": ${JSON.stringify(CANARY)}`],
      ['PUT', `/config_sets/${id}`, `{"secrets": {"T": "${CANARY}"}}`],
      ['PUT', '/config_sets/999', { secrets: { T: CANARY } }],
      ['POST', '/config_sets', { app: 'sample', environment: 'staging', secrets: { T: CANARY } }],
      ['POST', '/config_sets', { app: 'nobody', environment: 'staging', secrets: { T: CANARY } }],
      ['POST', '/config_sets', { secrets: { T: CANARY } }],
      ['PATCH', `/config_sets/${id}`, { secrets: { T: CANARY } }],
    ];
    for (const [method, path, body] of wrong)
      expect((await ask(method, path, body)).status).toBeGreaterThanOrEqual(400);
  });

  it('is said by the app in its logs', async () => {
    const log = api.app.get(LogBook);
    for (const subject of ['deploy', 'build'] as const) {
      const of = { subject, id: subject === 'deploy' ? deploy.id : (deploy.buildId ?? '') };
      await log.append(of, [{ logger: 'web', text: `the token is ${CANARY}, ${encodeURIComponent(CANARY)}` }]);
      const { body } = await ask('GET', `/${subject}s/${of.id}/logs`);
      expect(JSON.stringify(body)).toMatch(SEEN_WITHOUT);
    }
  });

  it('is in no answer to any question that there is', async () => {
    const document = (await ask('GET', '/docs-json')).body as unknown as { paths: Record<string, object> };
    const paths = Object.entries(document.paths).filter(([, operations]) => 'get' in operations);
    expect(paths.length).toBeGreaterThan(20);
    const query = 'app=sample&environment=staging&from=1&to=2&worker=web';
    for (const [path] of paths) {
      const filled = path
        .replace('{version}', '1')
        .replace(/\{[^}]+\}/g, path.startsWith('/deploys') ? deploy.id : path.startsWith('/config_sets') ? id : '1');
      await ask('GET', filled);
      await ask('GET', `${filled}?${query}`);
    }
    const seen = answers.filter(({ what }) => what.endsWith(' 200')).map(({ what }) => what);
    expect(seen.join('\n')).toMatch(/instances|\/workers\/1\/deploys/);
    expect(answers.some(({ text }) => SEEN_WITHOUT.test(text))).toBe(true);
  });

  it('was written nowhere: no row, no line, no answer, no message holds it', async () => {
    const rows = await everythingIn(api.dataSource);
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.some((row) => row.includes('"sealed"'))).toBe(true);
    const queue = api.world.queue.sent.map((trigger) => JSON.stringify(trigger));
    const written = [...rows, ...api.world.log, ...lines.all, ...queue];
    expect(written.filter(holds)).toEqual([]);
    expect(answers.filter(({ text }) => holds(text)).map(({ what }) => what)).toEqual([]);
    expect([...written, ...answers.map(({ text }) => text)].filter((text) => text.includes(TOKEN))).toEqual([]);
  });
});

const holds = (text: string): boolean => FORMS.some((form) => text.includes(form));
