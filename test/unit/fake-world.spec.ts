import { describe, expect, it } from 'vitest';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { ContainerSpec } from '../../src/ports/docker-hosts.js';
import type { Registration } from '../../src/ports/service-registry.js';
import { FakeClock } from '../fakes/fake-clock.js';
import { FakeDockerHosts } from '../fakes/fake-docker-hosts.js';
import { FakeServiceRegistry } from '../fakes/fake-service-registry.js';
import { FakeWorld, type Fate } from '../fakes/fake-world.js';

/** A world with one host and one container on it that is registered. */
async function aWorld(fate: Partial<Fate>) {
  const clock = new FakeClock();
  const world = new FakeWorld(clock);
  world.fateOf = () => fate;
  const host = world.addHost('h1');
  const [docker, registry] = [new FakeDockerHosts(world), new FakeServiceRegistry(world)];
  const image = world.publish('registry:5000/sample:1');
  const spec: ContainerSpec = {
    ...{
      name: 'web-1',
      image,
      entrypoint: null,
      command: [],
      env: {},
      labels: { [LABELS.app]: 'sample' },
      stopGraceSeconds: 1,
      stopSignal: 'SIGTERM',
    },
    ...{ resources: { memoryMb: 16, cpus: 0.1 }, publish: { containerPort: 8888, hostPort: 20_001 } },
  };
  await docker.pull(host, image);
  await docker.start(host, spec);
  const check = { kind: 'http', path: '/', intervalSeconds: 1, timeoutSeconds: 1 } as const;
  const registration: Registration = {
    ...{ id: 'web-1', service: 'sample-web', host, port: 20_001, containerName: 'web-1', tags: [], meta: {}, check },
  };
  await registry.register(registration);
  const checkNow = async () => (await registry.instances('sample-web'))[0]?.check;
  return { clock, world, host, docker, checkNow };
}

describe('the world of the fakes', () => {
  it('lets a container get healthy when its time has come, and says so', async () => {
    const { clock, world, checkNow } = await aWorld({ healthyAfter: 3_000 });
    let changes = 0;
    world.onChange(() => (changes += 1), new AbortController().signal);
    await clock.advance(2_999);
    expect(await checkNow()).toBe('critical');
    const before = changes;
    await clock.advance(1);
    expect(await checkNow()).toBe('passing');
    expect(changes).toBeGreaterThan(before);
  });

  it('lets a container end when its time has come, and says so', async () => {
    const { clock, host, docker, checkNow } = await aWorld({ endsAfter: 5_000, exitCode: 3, lines: ['oh no'] });
    const actions: string[] = [];
    docker.watch(host, ({ action }) => actions.push(action), new AbortController().signal);
    await clock.advance(4_999);
    expect(await checkNow()).toBe('passing');
    await clock.advance(1);
    expect(await checkNow()).toBe('critical');
    expect(await docker.inspect(host, 'web-1')).toMatchObject({ state: 'exited', exitCode: 3 });
    expect(await docker.lastLines(host, 'web-1', 5)).toEqual(['oh no']);
    expect(actions).toEqual(['die']);
  });

  it('hides a host that is cut, and shows its containers again afterwards', async () => {
    const { world, host, docker, checkNow } = await aWorld({});
    world.cut('h1');
    await expect(docker.list(host, {})).rejects.toMatchObject({ code: 'unavailable' });
    expect(await checkNow()).toBe('critical');
    world.mend('h1');
    expect((await docker.list(host, {})).map(({ name }) => name)).toEqual(['web-1']);
    expect(await checkNow()).toBe('passing');
  });

  it('lets a test interfere with a single question', async () => {
    const { world, host, docker } = await aWorld({});
    world.before = ({ method }) => {
      if (method === 'docker.remove') throw new Error('the engine is killed here');
    };
    await expect(docker.remove(host, 'web-1', 0)).rejects.toThrow('killed here');
    expect(await docker.inspect(host, 'web-1')).not.toBeNull();
    expect(world.calls.at(-1)).toEqual({ method: 'docker.inspect', host: 'h1', about: 'web-1' });
  });
});

describe('FakeClock', () => {
  it('wakes sleepers in their order, each at its own time', async () => {
    const clock = new FakeClock(0);
    const woken: [string, number][] = [];
    for (const [name, milliseconds] of [
      ['late', 20],
      ['early', 10],
    ] as const)
      void clock.sleep(milliseconds).then(() => woken.push([name, clock.now()]));
    await clock.advance(15);
    expect(woken).toEqual([['early', 10]]);
    await clock.advance(15);
    expect(woken).toEqual([
      ['early', 10],
      ['late', 20],
    ]);
    expect(clock.now()).toBe(30);
  });

  it('wakes one whose signal is aborted', async () => {
    const clock = new FakeClock(0);
    const stop = new AbortController();
    const sleep = clock.sleep(1_000, stop.signal);
    stop.abort();
    await sleep;
    expect(clock.sleeping).toBe(0);
  });
});
