import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { nameOf } from '../support/routes.js';
import {
  ABSENT,
  type Aimed,
  callNamed,
  LIMITED_BY_APP,
  type Named,
  OWN,
  said,
  SightScene,
} from '../support/sight-scene.js';

const HIDDEN = 'hidden-app';

const IN_QUERY: Named = { kind: 'named', app: ['query', 'app'], environment: ['query', 'environment'] };

describe('a hidden app', () => {
  let scene: SightScene;

  /** Every route that looks for an app by name or id. */
  const named = (): Aimed<Named>[] => [
    ...scene.aimed('named'),
    ...scene.aimed('listed').map(({ route }) => ({ route, target: IN_QUERY })),
  ];
  const inBody = (): Aimed<Named>[] => scene.aimed('named').filter(({ target }) => target.app[0] === 'body');

  beforeAll(async () => {
    scene = await SightScene.start();
  });
  afterAll(() => scene?.stop());

  it.each(LIMITED_BY_APP)('is by its name and id what no app is to a caller $who, however written', async (limited) => {
    const client = scene.clientOf(limited);
    expect(named().length).toBeGreaterThan(25);
    for (const aimed of named())
      for (const key of [HIDDEN, 'Hidden-APP', scene.hiddenAppId]) {
        const nothing = said(await callNamed(client, aimed, { key: ABSENT.app }), ABSENT.app);
        const hidden = said(await callNamed(client, aimed, { key }), key);
        expect([nameOf(aimed.route), key, hidden]).toEqual([nameOf(aimed.route), key, nothing]);
        expect([nameOf(aimed.route), key, hidden.status]).toEqual([nameOf(aimed.route), key, 404]);
      }
  });

  describe.each(LIMITED_BY_APP)('from a caller $who', (limited) => {
    let client: ApiClient;

    beforeAll(() => {
      client = scene.clientOf(limited);
    });

    it.each([{ environment: 'nowhere' }, { environment: '' }, { page: '0' }, { wrong: 'field' }])(
      'is not told by the faults of %j',
      async (fault) => {
        for (const aimed of named()) {
          const answers = [];
          for (const key of [HIDDEN, ABSENT.app])
            answers.push(said(await callNamed(client, aimed, { key, ...fault }), key));
          expect([nameOf(aimed.route), answers[0]]).toEqual([nameOf(aimed.route), answers[1]]);
        }
      },
    );

    it('is nothing in lists, maps and numbers in the place of a name', async () => {
      const keys = [[HIDDEN], ['visible-app', HIDDEN], { name: HIDDEN }, Number(scene.hiddenAppId), null];
      for (const aimed of inBody())
        for (const key of keys) {
          const { status, text } = await callNamed(client, aimed, { key });
          expect([nameOf(aimed.route), key, [403, 404, 422]]).toEqual([
            ...[nameOf(aimed.route), key],
            expect.arrayContaining([status]),
          ]);
          expect(text).not.toContain('acme/hidden-app');
        }
    });

    it.each(['app[]=hidden-app', 'app[0]=hidden-app', 'app=visible-app&app=hidden-app', 'app%00=hidden-app'])(
      'is nothing in the query %s',
      async (query) => {
        for (const path of ['/deploys', '/builds', '/drift', '/routes', '/releases'])
          expect([path, (await client.get(`${path}?${query}`)).status]).toEqual([path, 422]);
      },
    );

    it.each(['app=hidden-app', 'app[]=hidden-app', 'app=visible-app&app=hidden-app', 'app[name]=hidden-app'])(
      'is nothing in the form %s',
      async (form) => {
        for (const { route } of inBody()) {
          const { status } = await client.form(route.method, route.path, `${form}&environment=staging`);
          expect([nameOf(route), [403, 404, 422]]).toEqual([nameOf(route), expect.arrayContaining([status])]);
        }
      },
    );

    it('is not found by naming it for what is theirs', async () => {
      const own = scene.recordsAt(OWN);
      for (const path of [`/config_sets/${own['config set']}`, `/workers/${own.worker}`]) {
        const nothing = said(await client.put(path, { app: ABSENT.app }), ABSENT.app);
        expect(said(await client.put(path, { app: HIDDEN }), HIDDEN)).toEqual(nothing);
        expect([path, nothing.status]).toEqual([path, 404]);
      }
    });

    it('lends no rule of its own to another', async () => {
      const wanted = { branch: `for-${limited.who.replaceAll(' ', '-')}`, environment: 'staging' };
      const { id } = (await scene.api.client.post(`/apps/${HIDDEN}/push_rules`, wanted)).body.data;
      for (const method of ['GET', 'DELETE']) {
        const path = `/apps/visible-app/push_rules/`;
        const nothing = said(await client.send(method, path + ABSENT.id, {}), ABSENT.id);
        expect(said(await client.send(method, path + id, {}), id)).toEqual(nothing);
      }
      expect((await scene.api.client.get(`/apps/${HIDDEN}/push_rules/${id}`)).status).toBe(200);
    });

    it('is in no plan of another', async () => {
      const change = { kind: 'deploy', app: HIDDEN };
      expect((await client.post('/plans', { ...OWN, change })).status).toBe(422);
      for (const app of [HIDDEN, ABSENT.app]) {
        const inner = { environment: 'staging', change: { kind: 'scale', app, worker: 'web', scale: 2 } };
        expect((await client.post('/plans', inner)).status).toBe(403);
      }
    });
  });
});
