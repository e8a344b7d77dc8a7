import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Jockey } from './jockey.js';

let jockey: Jockey;
beforeAll(async () => (jockey = await Jockey.start()));
afterAll(() => jockey.stop());

const bySlot = (one: { slot: number }, other: { slot: number }) => one.slot - other.slot;

describe('a commit becomes healthy containers on the right hosts', () => {
  it('builds, places over the three hosts, and every instance serves its page over the network', async () => {
    await jockey.createApp('story', { scale: 6 });
    await jockey.client.post('/workers', {
      ...{ app: 'story', environment: 'production', name: 'clock', command: '/start clock' },
      ...{ scale: 2, memory_mb: 32, cpus: 0.05, health_interval_seconds: 1 },
    });
    const deploy = await jockey.deploy('story', 'main');
    expect(deploy).toMatchObject({ state: 'deployed', outcome: 'succeeded', failure_reason: null });
    const web = deploy.instances.filter(({ worker }) => worker === 'web').sort(bySlot);
    expect(web.map(({ slot }) => slot)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const host of ['h1', 'h2', 'h3']) expect(web.filter((each) => each.host === host)).toHaveLength(2);
    const pages = await Promise.all(web.map((instance) => jockey.page(instance)));
    expect(pages.filter((page) => page.includes('version 1'))).toHaveLength(6);
    expect(new Set(pages).size, 'each page names its own container').toBe(6);
    expect(deploy.instances.filter(({ worker }) => worker === 'clock')).toHaveLength(2);
  });

  it('writes the tags of the original into Consul, and the agents of the hosts say that all are healthy', async () => {
    const registered = await jockey.registered('story-web');
    expect(registered.map(({ passing }) => passing)).toEqual([true, true, true, true, true, true]);
    const { body } = await jockey.client.get('/deploys?app=story');
    const [{ id, rref }] = body.data as unknown as [{ id: string; rref: string }];
    for (const { tags } of registered)
      expect(tags).toEqual(
        expect.arrayContaining([
          `rref:${rref}`,
          `deploy_id:${id}`,
          `tag:${rref}`,
          'repo:jockey/sample',
          'command:/start web',
        ]),
      );
  });

  it('tells the story in the logs of build and deploy', async () => {
    const build = await jockey.log('builds', '1');
    expect(build.some((line) => line.startsWith('[1/'))).toBe(true);
    expect(build.at(-1)).toMatch(/^completed: .+\/story@sha256:[0-9a-f]{64}$/);
    const deploy = (await jockey.log('deploys', '1')).join('\n');
    for (const part of ['placed', 'web 1 on', 'started', 'healthy', 'deployed']) expect(deploy).toContain(part);
  });

  it('shows the hosts that Consul knows, with what runs on them', async () => {
    const { body } = await jockey.client.get('/hosts?stack=api&environment=production');
    expect((body.data as unknown as { name: string }[]).map(({ name }) => name)).toEqual(['h1', 'h2', 'h3']);
  });

  it('deploys a second commit: the new serve, nothing of the old is left, the old deploy is stopped', async () => {
    const before = jockey.client.get('/deploys?app=story');
    const deploy = await jockey.deploy('story', 'v2');
    expect(deploy.state).toBe('deployed');
    const pages = await Promise.all(
      deploy.instances.filter(({ port }) => port !== null).map((each) => jockey.page(each)),
    );
    expect(pages.filter((page) => page.includes('version 2'))).toHaveLength(6);
    expect(await jockey.containersOf('story')).toEqual(deploy.instances.map(({ id }) => id).sort());
    const [old] = (await before).body.data as unknown as [{ id: string }];
    expect((await jockey.seen(old.id)).state).toBe('stopped');
    expect((await jockey.registered('story-web')).map(({ id }) => id).sort()).toEqual(
      deploy.instances
        .filter(({ worker }) => worker === 'web')
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('scales up and down, and nothing else is touched', async () => {
    const worker = await jockey.workerId('story', 'web');
    const before = await jockey.containersOf('story');
    await jockey.client.put(`/workers/${worker}`, { scale: 8 });
    const up = await eventually('eight web instances pass', async () => {
      const registered = await jockey.registered('story-web');
      return registered.filter(({ passing }) => passing).length === 8 && (await jockey.containersOf('story'));
    });
    expect(up).toEqual(expect.arrayContaining(before));
    await jockey.client.put(`/workers/${worker}`, { scale: 1 });
    await eventually('one web instance is left', async () => {
      const left = await jockey.containersOf('story');
      return left.filter((name) => name.includes('-web-')).length === 1 && left.length === 3;
    });
    expect((await jockey.registered('story-web')).filter(({ passing }) => passing)).toHaveLength(1);
  });
});

describe('who asks at once', () => {
  it('fifty times the same deploy is one deploy, one build, and no second container', async () => {
    await jockey.createApp('crowd', { scale: 2 });
    const wanted = { app: 'crowd', environment: 'production', rref: 'main' };
    const answers = await Promise.all(Array.from({ length: 50 }, () => jockey.client.post('/deploys', wanted)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, ...Array.from({ length: 49 }, () => 423)]);
    const id = answers.find(({ status }) => status === 202)?.body.data.id ?? '';
    const deploy = await jockey.settled(id);
    expect(deploy.state).toBe('deployed');
    expect(await jockey.containersOf('crowd')).toEqual(deploy.instances.map((each) => each.id).sort());
    expect(deploy.instances).toHaveLength(2);
    expect((await jockey.client.get('/builds?app=crowd')).body.pagination['total_count']).toBe(1);
  });

  it('force takes the place of the one in progress, and nothing of that is left', async () => {
    await jockey.createApp('pushy', { scale: 2 });
    const first = await jockey.begin('pushy', 'slow-start');
    await eventually('the first has started something', async () =>
      (await jockey.seen(first)).instances.some(({ state }) => state === 'started'),
    );
    const second = await jockey.settled(await jockey.begin('pushy', 'main', { force: true }));
    expect(second.state).toBe('deployed');
    expect(await jockey.seen(first)).toMatchObject({ state: 'failed', outcome: 'superseded' });
    await eventually('only the second is left', async () => {
      const ids = second.instances.map(({ id }) => id).sort();
      return JSON.stringify(await jockey.containersOf('pushy')) === JSON.stringify(ids);
    });
  });

  it('an app is not deleted while it deploys, and leaves nothing behind when it is', async () => {
    await jockey.createApp('doomed', { scale: 2 });
    const id = await jockey.begin('doomed', 'slow-start');
    const refused = await jockey.client.delete('/apps/doomed');
    expect(refused.status).toBe(423);
    expect(refused.body.detail).toContain(id);
    await jockey.settled(id);
    await jockey.removeApp('doomed');
    expect(await jockey.registered('doomed-web')).toEqual([]);
  });
});
