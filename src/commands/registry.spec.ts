import { describe, expect, it } from 'vitest';
import { type Api, ApiRefusal } from './command.js';
import { COMMANDS, runCommand } from './registry.js';
import { usageOf } from './read-parameters.js';

/** Remembers what was asked, and answers by method and path. */
class TestApi implements Api {
  readonly asked: [string, unknown?][] = [];

  constructor(private readonly answers: Readonly<Record<string, unknown>> = {}) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    this.asked.push(body === undefined ? [`${method} ${path}`] : [`${method} ${path}`, body]);
    const answer = this.answers[`${method} ${path.split('?')[0] ?? ''}`];
    if (answer instanceof Error) throw answer;
    return answer as T;
  }
}

const DEPLOY = { id: '7', rref: 'a'.repeat(40), queued: false, position: null, from_release: 'v41' };

describe('runCommand', () => {
  it.each([
    ['deploy shop production', 'HEAD'],
    ['deploy shop to production', 'HEAD'],
    ['Deploy shop production release/1.2', 'release/1.2'],
    ['deploy "shop" “production” main', 'main'],
  ])('%s', async (line, rref) => {
    const api = new TestApi({ 'POST /deploys': DEPLOY });
    const outcome = await runCommand(line, api);
    expect(api.asked).toEqual([['POST /deploys', { app: 'shop', environment: 'production', rref, queue: true }]]);
    expect(outcome).toEqual({ deploy: '7', text: 'Deploy 7: aaaaaaaaaaaa of shop to production.' });
  });

  it('says that a deploy waits for its turn', async () => {
    const api = new TestApi({ 'POST /deploys': { ...DEPLOY, queued: true, position: 2 } });
    expect((await runCommand('deploy shop production', api)).text).toContain('at place 2');
  });

  it('rolls back to the previous release, or to the one that is named', async () => {
    const api = new TestApi({ 'POST /apps/shop/rollback': DEPLOY });
    await runCommand('rollback shop production', api);
    const outcome = await runCommand('rollback shop in production v41', api);
    expect(api.asked).toEqual([
      ['POST /apps/shop/rollback', { environment: 'production', to: 'previous' }],
      ['POST /apps/shop/rollback', { environment: 'production', to: 'v41' }],
    ]);
    expect(outcome).toMatchObject({ deploy: '7' });
    expect(outcome.text).toContain('unlock shop production');
  });

  it('scales, locks and unlocks', async () => {
    const api = new TestApi({ 'PUT /workers/rescale': { scaling_notice: null } });
    const { text } = await runCommand('scale shop production web=3', api);
    expect(text).toBe('web of shop in production is scaled to 3.');
    await runCommand('lock shop in production we look into orders', api);
    await runCommand('unlock shop production', api);
    expect(api.asked).toEqual([
      ['PUT /workers/rescale', { app: 'shop', environment: 'production', name: 'web', scale: 3 }],
      ['POST /apps/shop/hold', { environment: 'production', reason: 'we look into orders' }],
      ['DELETE /apps/shop/hold?environment=production'],
    ]);
  });

  it('lists releases and builds, the newest first', async () => {
    const at = '2026-11-21T03:36:00.000Z';
    const release = { number: 'v3', rref: 'b'.repeat(40), kind: 'rollback', from: 'v1', current: true, created_at: at };
    const build = { id: '9', ref: 'main', rref: 'c'.repeat(40), state: 'failed', failure_reason: 'RUN make failed.' };
    const api = new TestApi({ 'GET /releases': [release], 'GET /builds': [build] });
    expect((await runCommand('releases shop production', api)).text).toBe(
      `v3 bbbbbbbbbbbb rollback of v1, ${at}, current`,
    );
    expect((await runCommand('builds shop', api)).text).toBe(
      'build 9 of cccccccccccc (main): failed: RUN make failed.',
    );
    const empty = new TestApi({ 'GET /releases': [], 'GET /builds': [] });
    expect((await runCommand('releases shop production', empty)).text).toContain('no release in production yet');
    expect((await runCommand('builds shop', empty)).text).toContain('not built yet');
  });

  it('promotes, and tells the deploy', async () => {
    const api = new TestApi({ 'POST /apps/shop/promote': DEPLOY });
    const outcome = await runCommand('promote shop staging to production', api);
    expect(api.asked).toEqual([['POST /apps/shop/promote', { from: 'staging', to: 'production' }]]);
    expect(outcome).toEqual({ deploy: '7', text: 'Deploy 7: v41 of staging (aaaaaaaaaaaa) of shop to production.' });
  });

  it('lists what runs, and restarts it', async () => {
    const instance = { id: 'shop-production-web-1-d7', node: { id: 'h1' }, check: { status: 'passing' } };
    const api = new TestApi({
      'GET /workers': [{ id: '9', name: 'web', scale: 2 }],
      'GET /workers/9/deploys': { instances: [instance] },
      'PUT /workers/restart': { id: '12' },
    });
    expect((await runCommand('ps shop production', api)).text).toBe(
      'web: 1 of 2\n  shop-production-web-1-d7 on h1: passing',
    );
    expect((await runCommand('restart shop production', api)).text).toContain('All workers of shop in production');
    expect((await runCommand('restart shop production web', api)).text).toContain('by reconcile 12');
    expect(api.asked.at(-1)).toEqual([
      'PUT /workers/restart',
      { app: 'shop', environment: 'production', worker: 'web' },
    ]);
    const nothing = new TestApi({ 'GET /workers': [] });
    expect((await runCommand('ps shop production', nothing)).text).toBe('shop has no workers in production.');
  });

  it('explains a deploy in the words of the API', async () => {
    const api = new TestApi({ 'GET /deploys/7/explain': { answer: 'Deploy 7 is done.' } });
    expect((await runCommand('explain 7', api)).text).toBe('Deploy 7 is done.');
  });

  it('says that a scale will not stay', async () => {
    const api = new TestApi({ 'PUT /workers/rescale': { scaling_notice: 'It scales itself between 1 and 2.' } });
    const { text } = await runCommand('scale shop production web=3', api);
    expect(text).toBe('web of shop in production is scaled to 3. It scales itself between 1 and 2.');
  });

  it('shows the end of the newest log', async () => {
    const logs = Array.from({ length: 25 }, (_, at) => ({
      timestamp: '2026-11-21T03:36:04.120Z',
      message: { text: `line ${at}` },
    }));
    const api = new TestApi({ 'GET /deploys': [{ id: '7' }], 'GET /deploys/7/logs': { logs } });
    const { text } = await runCommand('logs shop production', api);
    expect(text.split('\n')).toHaveLength(21);
    expect(text).toContain('03:36:04 line 24');
  });

  it('tells the state of one environment', async () => {
    const api = new TestApi({
      'GET /releases': [{ number: 'v3', rref: 'b'.repeat(40), created_at: '2026-11-21T03:36:00.000Z' }],
      'GET /deploys': [{ ...DEPLOY, state: 'failed', outcome: 'reverted', failure_reason: 'web 1 exited with 3.' }],
      'GET /workers': [{ id: '9', name: 'web', scale: 2 }],
      'GET /workers/9/deploys': { instances: [{ check: { status: 'passing' } }, { check: { status: 'critical' } }] },
      'GET /apps/shop/hold': { reason: 'orders fail' },
    });
    expect((await runCommand('status shop production', api)).text).toBe(
      [
        'shop in production: v3, bbbbbbbbbbbb, since 2026-11-21T03:36:00.000Z',
        '  web: 1 of 2 healthy',
        '  deploy 7 of aaaaaaaaaaaa: failed (reverted): web 1 exited with 3.',
        '  locked for automatic deploys: orders fail',
      ].join('\n'),
    );
  });

  it.each([
    ['dance', 'There is no "dance"'],
    ['deploy', 'APP is missing'],
    ['deploy shop', 'ENVIRONMENT is missing'],
    ['deploy shop production main now', '"now" is one word too many'],
    ['scale shop production web', 'such as web=3'],
    ['scale shop production web=-1', 'such as web=3'],
    ['lock shop production', 'REASON is missing'],
    ['deploy "shop production', 'quote is not closed'],
    ['x'.repeat(3001), 'at most 3000 characters'],
    ['__proto__ constructor', 'There is no "__proto__"'],
  ])('refuses %j, asks nothing, and says what to write', async (line, sentence) => {
    const api = new TestApi();
    await expect(runCommand(line, api)).rejects.toThrow(sentence);
    expect(api.asked).toEqual([]);
  });

  it('says what the API says when it refuses', async () => {
    const refusal = new ApiRefusal(403, 'forbidden', 'octocat has no right to "deploy" here.');
    const api = new TestApi({ 'POST /deploys': refusal, 'GET /apps/shop/hold': refusal });
    await expect(runCommand('deploy shop production', api)).rejects.toBe(refusal);
    await expect(runCommand('status shop production', api)).rejects.toBe(refusal);
  });

  it('never lets a name leave its place in a path', async () => {
    const api = new TestApi();
    await runCommand('lock ../hosts/1?x=1# production because', api);
    expect(api.asked[0]?.[0]).toBe('POST /apps/..%2Fhosts%2F1%3Fx%3D1%23/hold');
  });

  it.each(['', 'help', 'HELP me'])('%j lists every verb', async (line) => {
    const { text } = await runCommand(line, new TestApi());
    expect(text.split('\n').map((each) => each.split(':')[0])).toEqual(COMMANDS.map(usageOf));
  });
});
