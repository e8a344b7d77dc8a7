import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildRow, DeployRow } from '../../src/store/entities/index.js';
import { LogBook, type LogOf } from '../../src/store/log-book.js';
import { TestApi, TOKEN } from '../support/api.js';
import { EventFollower } from '../support/event-follower.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, seedPlaces } from '../support/world.js';

interface Line {
  readonly position: string;
  readonly timestamp: string;
  readonly stream: string | null;
  readonly step: string | null;
  readonly message: { readonly text: string };
}

const TEXTS = Array.from({ length: 2_500 }, (_, index) => `line ${index}`);
const RED = '\u001B[31mred\u001B[0m';

describe('parts of a log', () => {
  let api: TestApi;
  let book: LogBook;
  let deploy: DeployRow;
  let path: string;
  let all: readonly Line[];

  const read = async (query: string): Promise<Line[]> =>
    ((await api.client.get(`${path}${query}`)).body as unknown as { logs: Line[] }).logs;
  const textsOf = (lines: readonly Line[]) => lines.map(({ message }) => message.text);
  const send = (query: string, headers: Record<string, string> = {}) =>
    fetch(`${api.url}${path}${query}`, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });

  beforeAll(async () => {
    api = await TestApi.start();
    book = api.app.get(LogBook);
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'shop', repo: 'jockey/sample', stack: 'api' });
    deploy = await putDeploy(api.dataSource, { app: 'shop', environment: 'production' }, 'deploying');
    path = `/deploys/${deploy.id}/logs`;
    await book.append(
      { subject: 'deploy', id: deploy.id },
      TEXTS.map((text) => ({ logger: 'engine', text })),
    );
    all = await read('');
  });
  afterAll(() => api?.stop());

  it('are the last lines', async () => {
    expect(textsOf(await read('?tail=3'))).toEqual(TEXTS.slice(-3));
    expect(textsOf(await read('?tail=10000'))).toEqual(TEXTS);
  });

  it('lead from the end to the beginning', async () => {
    const parts: string[][] = [];
    for (let before = '999999999999999'; ;) {
      const part = await read(`?before=${before}&limit=700`);
      if (part.length === 0) break;
      parts.unshift(textsOf(part));
      before = part[0]?.position ?? '';
    }
    expect(parts.map(({ length }) => length)).toEqual([400, 700, 700, 700]);
    expect(parts.flat()).toEqual(TEXTS);
  });

  it('lie between two positions', async () => {
    const [after, before] = [all[9]?.position, all[20]?.position];
    expect(textsOf(await read(`?after=${after}&before=${before}`))).toEqual(TEXTS.slice(10, 20));
    expect(textsOf(await read(`?after=${after}&before=${before}&limit=4`))).toEqual(TEXTS.slice(10, 14));
    expect(textsOf(await read(`?before=${before}`))).toEqual(TEXTS.slice(0, 20));
  });

  it.each([
    ['tail=3&limit=5', 'tail goes without after, before and limit'],
    ['tail=0', 'tail is 0'],
    ['before=x', 'before is "x"'],
    ['format=pdf', 'format is "pdf", but should be one of json, text, text.gz'],
    ['ansi=maybe', 'ansi is "maybe"'],
  ])('are refused where they make no sense: ?%s', async (query, sentence) => {
    const { status, body } = await api.client.get(`${path}?${query}`);
    expect(status).toBe(422);
    expect(body.error.message).toContain(sentence);
  });

  it('are a text for who accepts one, whole or in part', async () => {
    const plain = await send('', { accept: 'text/plain', 'accept-encoding': 'identity' });
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(plain.headers.get('content-disposition')).toBeNull();
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('vary')).toContain('Accept-Encoding');
    expect(await plain.text()).toBe(`${TEXTS.join('\n')}\n`);
    expect(await (await send('?tail=1', { accept: 'text/plain' })).text()).toBe('line 2499\n');
  });

  it('are compressed on the way where that is accepted', async () => {
    const answer = await send('', { accept: 'text/plain', 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe(`${TEXTS.join('\n')}\n`);
  });

  it('are files to download, plain and gzip', async () => {
    const plain = await send('?format=text&times=true&tail=1');
    expect(plain.headers.get('content-disposition')).toBe(`attachment; filename=deploy-${deploy.id}.log`);
    expect(plain.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await plain.text()).toBe(`${all.at(-1)?.timestamp} line 2499\n`);
    const zipped = await send('?format=text.gz', { 'accept-encoding': 'gzip' });
    expect(zipped.headers.get('content-disposition')).toBe(`attachment; filename=deploy-${deploy.id}.log.gz`);
    expect(zipped.headers.get('content-type')).toBe('application/gzip');
    expect(zipped.headers.get('content-encoding')).toBeNull();
    expect(gunzipSync(Buffer.from(await zipped.arrayBuffer())).toString()).toBe(`${TEXTS.join('\n')}\n`);
  });

  it('are refused as a problem where there is no such log, also as a text', async () => {
    const answer = await fetch(`${api.url}/deploys/999999/logs?format=text.gz`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-disposition')).toBeNull();
  });

  it('are where a follower begins that wants the last lines', async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const follower = await EventFollower.begin(`${api.url}${path}?tail=2`, headers);
    expect(await follower.lines(2)).toEqual(['line 2498', 'line 2499']);
    follower.leave();
    const refused = await send('?before=7', { accept: 'text/event-stream' });
    expect([refused.status, await refused.text()]).toEqual([
      422,
      expect.stringContaining('before does not go with text/event-stream'),
    ]);
  });

  describe('of a build', () => {
    let build: BuildRow;
    let of: LogOf;
    const sendBuild = (query: string, accept: string) =>
      fetch(`${api.url}/builds/${build.id}/logs${query}`, {
        headers: { authorization: `Bearer ${TOKEN}`, accept },
      });

    beforeAll(async () => {
      const builds = api.dataSource.getRepository(BuildRow);
      build = await builds.save(
        builds.create({ appId: deploy.appId, ref: 'main', rref: 'b5'.repeat(20), state: 'completed' }),
      );
      of = { subject: 'build', id: build.id };
    });

    it('show stream, step and the time of printing, with colours or without', async () => {
      const at = new Date('2026-01-02T03:04:05.678Z');
      await book.append(of, [{ logger: 'docker', text: RED, stream: 'stderr', step: '[1/2] RUN make', at }]);
      const [line] = ((await (await sendBuild('', 'application/json')).json()) as { logs: Line[] }).logs;
      expect(line).toMatchObject({
        ...{ timestamp: at.toISOString(), stream: 'stderr', step: '[1/2] RUN make', message: { text: RED } },
      });
      expect(await (await sendBuild('', 'text/plain')).text()).toBe(`${RED}\n`);
      expect(await (await sendBuild('?ansi=strip', 'text/plain')).text()).toBe('red\n');
      const stripped = (await (await sendBuild('?ansi=strip', '*/*')).json()) as { logs: Line[] };
      expect(textsOf(stripped.logs)).toEqual(['red']);
      const follower = await EventFollower.begin(`${api.url}/builds/${build.id}/logs?ansi=strip`, {
        authorization: `Bearer ${TOKEN}`,
      });
      await eventually('the end', () => follower.ended);
      expect(follower.texts).toEqual(['red']);
    });

    it('say that the clean-up removed them, and are there again when it is built again', async () => {
      await api.dataSource.query(`DELETE FROM log_lines WHERE subject = 'build' AND subject_id = $1`, [build.id]);
      expect((await sendBuild('', '*/*')).status).toBe(200);
      const removedAt = new Date('2026-11-20T10:00:00Z');
      await api.dataSource.manager.update(BuildRow, { id: build.id }, { logRemovedAt: removedAt });
      for (const accept of ['*/*', 'text/plain', 'text/event-stream']) {
        const answer = await sendBuild('', accept);
        expect([answer.status, await answer.text()]).toEqual([
          404,
          expect.stringContaining(`The log of build ${build.id} is gone: the clean-up removed it at 2026-11-20T10:00`),
        ]);
      }
      await book.append(of, [{ logger: 'engine', text: 'building again' }]);
      expect(await (await sendBuild('', 'text/plain')).text()).toBe('building again\n');
    });
  });
});
