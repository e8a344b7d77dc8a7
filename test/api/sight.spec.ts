import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { nameOf } from '../support/routes.js';
import { ABSENT, call, callNamed, LIMITED, OWN, said, SightScene, SPOTS } from '../support/sight-scene.js';

interface Lists {
  readonly data: readonly unknown[];
  readonly pagination: Readonly<Record<string, number>>;
}

describe('what is hidden', () => {
  let scene: SightScene;

  beforeAll(async () => {
    scene = await SightScene.start();
  });
  afterAll(() => scene?.stop());

  it('is known here for every kind of record', () => {
    const nouns = [...new Set(scene.aimed('record').map(({ target }) => target.noun))].sort();
    expect(nouns.length).toBeGreaterThan(5);
    expect(Object.keys(scene.recordsAt(OWN))).toEqual(expect.arrayContaining(nouns));
  });

  describe.each(LIMITED)('from a caller $who', (limited) => {
    let client: ApiClient;
    const { hides } = limited;

    beforeAll(() => {
      client = scene.clientOf(limited);
    });

    it('is answered by its id as nothing is, by every route', async () => {
      let many = 0;
      for (const { route, target } of scene.aimed('record'))
        for (const spot of SPOTS) {
          if (!(await scene.isHidden(target.noun, spot, limited))) continue;
          many += 1;
          const id = scene.recordsAt(spot)[target.noun];
          const nothing = said(await call(client, route, { id: ABSENT.id }), ABSENT.id);
          const hidden = said(await call(client, route, { id }), id);
          expect([nameOf(route), spot, hidden]).toEqual([nameOf(route), spot, nothing]);
          expect([nameOf(route), hidden.status]).toEqual([nameOf(route), 404]);
          const named = await call(client, route, { id, query: '?app=visible-app&environment=staging' });
          expect([nameOf(route), spot, named.status]).toEqual([nameOf(route), spot, 404]);
        }
      expect(many).toBeGreaterThan(20);
    });

    it('is not what is theirs: that they get by the same routes', async () => {
      const shown = scene
        .aimed('record')
        .filter(({ route: { method, needs } }) => method === 'GET' && needs[0]?.verb === 'read');
      for (const { route, target } of shown) {
        const { status } = await call(client, route, { id: scene.recordsAt(OWN)[target.noun] });
        expect([nameOf(route), status, [401, 403, 404].includes(status)]).toEqual([nameOf(route), status, false]);
      }
    });

    it('is in no list, nor in its counts', async () => {
      const lists = scene
        .aimed('listed')
        .map(({ route }) => route)
        .filter(({ path }) => !path.endsWith('/socket'));
      expect(lists.length).toBeGreaterThan(7);
      for (const route of lists) {
        const paged = await call(client, route, { query: '?per_page=100' });
        const answer = paged.status === 422 ? await call(client, route) : paged;
        expect([nameOf(route), answer.status]).toEqual([nameOf(route), 200]);
        for (const spot of SPOTS.filter(hides)) requireSilence(`${nameOf(route)} ${answer.text}`, spot);
        const { data, pagination } = (answer.body ?? {}) as unknown as Partial<Lists>;
        expect([nameOf(route), pagination?.['total_count']]).toEqual([nameOf(route), data?.length]);
      }
    });

    /** Everything of a place is marked with its name; of an app that is seen, the place's environment tells. */
    function requireSilence(text: string, { app, environment }: (typeof SPOTS)[number]): void {
      expect(text).not.toMatch(new RegExp(`${app}[-.]${environment}`));
      if (SPOTS.every((each) => each.app !== app || hides(each))) expect(text).not.toContain(app);
      if (SPOTS.every((each) => each.environment !== environment || hides(each)))
        expect(text).not.toContain(`"name":"${environment}"`);
    }

    it('leaves something in those lists', async () => {
      const lists =
        'apps builds deploys config_sets workers reconciles releases drift routes webhook_deliveries events places';
      for (const list of lists.split(' '))
        expect([list, (await client.get(`/${list}`)).text]).toEqual([list, expect.stringContaining('visible-app')]);
      for (const file of ['nginx.conf', 'haproxy.cfg'])
        expect((await client.get(`/routes/${file}`)).text).toContain('visible-app.staging.example.com');
    });

    it('is no release by a number either', async () => {
      for (const spot of SPOTS) {
        const { app, environment } = spot;
        const { status } = await client.get(`/releases/v1?app=${app}&environment=${environment}`);
        expect([spot, status]).toEqual([spot, hides(spot) ? 404 : 200]);
      }
    });

    it('is no place to do anything', async () => {
      const withEnvironment = scene.aimed('named').filter(({ target }) => target.environment !== null);
      expect(withEnvironment.length).toBeGreaterThan(10);
      for (const spot of SPOTS.filter(hides))
        for (const { route, target } of withEnvironment) {
          const extra = { [target.environment?.[1] ?? '']: spot.environment };
          const { status } = await callNamed(client, { route, target }, { key: spot.app, ...extra });
          const refused = route.needs.length === 1 ? [404] : [403, 404];
          expect([nameOf(route), spot, refused]).toEqual([nameOf(route), spot, expect.arrayContaining([status])]);
        }
    });

    it('is not promoted, from there or to there', async () => {
      const promote = (from: string, to: string) => client.post('/apps/visible-app/promote', { from, to });
      const expected = hides({ app: 'visible-app', environment: 'production' }) ? [404] : [202, 423];
      expect(expected).toContain((await promote('production', 'staging')).status);
      expect(expected).toContain((await promote('staging', 'production')).status);
    });

    it('is whoever is told of every app', async () => {
      const target = { kind: 'generic', url: 'https://hooks.example.com/all', events: ['*'] };
      const { id } = (await scene.api.client.post('/notification_targets', target)).body.data;
      const listed = (await client.get('/notification_targets')).body.data as unknown as { id: string }[];
      expect(listed.map((each) => each.id)).not.toContain(id);
      expect((await client.get(`/notification_targets/${id}`)).status).toBe(404);
    });

    it('is the hosts, the whole and all tokens', async () => {
      for (const path of ['/hosts', '/hosts/h-visible-app-staging', '/sanity', '/tokens'])
        expect([path, (await client.get(path)).status]).toEqual([path, 403]);
    });
  });
});
