import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host/host.js';
import type { Registration, RegisteredInstance, ServiceRegistry } from '../../src/ports/service-registry.js';
import { eventually } from '../support/eventually.js';
import { freshName } from './cluster.js';

/** What the suite needs of a side, fake or real. */
export interface ServiceRegistrySetUp {
  readonly registry: ServiceRegistry;
  /** Two hosts on whose ports, and by whose Docker, the instances below answer. */
  readonly hosts: readonly [Host, Host];
  readonly deadHost: Host;
  /** Brings up what instances on a host lead to; answers the port that serves it. It passes its checks or not. */
  serve(host: Host, containerName: string, passes: boolean): Promise<number>;
  /** Changes whether it passes. */
  setPassing(host: Host, containerName: string, passes: boolean): Promise<void>;
  /** A registry whose Consul does not answer. */
  silent(): ServiceRegistry;
  close(): Promise<void>;
}

const EVERY_SECOND = { intervalSeconds: 1, timeoutSeconds: 1 };
const HTTP = { kind: 'http', path: '/health?full=1', ...EVERY_SECOND } as const;
const RUNNING = { kind: 'running', ...EVERY_SECOND } as const;

/** What every implementation of {@link ServiceRegistry} holds. */
export function serviceRegistryContract(name: string, begin: () => Promise<ServiceRegistrySetUp>): void {
  describe(`ServiceRegistry, ${name}`, () => {
    const made: Registration[] = [];
    let side: ServiceRegistrySetUp;

    beforeAll(async () => {
      side = await begin();
    });

    afterAll(async () => {
      for (const { host, id } of made) await side.registry.deregister(host, id);
      await side.close();
    });

    async function anInstance(passes: boolean, change: Partial<Registration> = {}): Promise<Registration> {
      const id = change.id ?? freshName('contract');
      const host = change.host ?? side.hosts[0];
      const port = await side.serve(host, id, passes);
      const tags = ['rref:abc', 'command:serve "all" $of it', 'environment:production'];
      const meta = { app: 'contract', environment: 'production', slot: '1' };
      const service = freshName('contract-web');
      const registration = { id, service, host, port, containerName: id, tags, meta, check: HTTP, ...change };
      made.push(registration);
      return registration;
    }

    const find = async ({ service, id }: Registration): Promise<RegisteredInstance | null> =>
      (await side.registry.instances(service)).find((each) => each.id === id) ?? null;

    function untilCheck(registration: Registration, check: 'passing' | 'critical'): Promise<RegisteredInstance> {
      return eventually(`${registration.id} to be ${check}`, async () => {
        const seen = await find(registration);
        return seen?.check === check && seen;
      });
    }

    it('registers an instance, which passes when its page answers', async () => {
      const registration = await anInstance(true);
      await side.registry.register(registration);
      const { id, service, host, port, tags, meta } = registration;
      const seen = await untilCheck(registration, 'passing');
      expect({ ...seen, checkOutput: '' }).toEqual({
        ...{ id, service, port, tags, meta, check: 'passing', checkOutput: '' },
        node: host.name,
        address: host.address,
      });
      expect(seen.checkOutput).toContain('200');
    });

    it('begins critical: routers never see one that was not seen healthy', async () => {
      const registration = await anInstance(false);
      await side.registry.register(registration);
      const seen = await eventually('the instance to be known', () => find(registration));
      expect(seen.check).toBe('critical');
      expect(seen.checkOutput.length).toBeGreaterThan(0);
    });

    it('follows the page when it fails and recovers', async () => {
      const registration = await anInstance(true);
      await side.registry.register(registration);
      await untilCheck(registration, 'passing');
      await side.setPassing(registration.host, registration.containerName, false);
      const seen = await untilCheck(registration, 'critical');
      expect(seen.checkOutput.length).toBeGreaterThan(0);
      expect(seen.checkOutput.length).toBeLessThanOrEqual(500);
      await side.setPassing(registration.host, registration.containerName, true);
      await untilCheck(registration, 'passing');
    });

    it('keeps a healthy instance in traffic when it is registered again', async () => {
      const registration = await anInstance(true, {
        check: { ...HTTP, intervalSeconds: 2 },
      });
      await side.registry.register(registration);
      await untilCheck(registration, 'passing');
      const seen: string[] = [];
      for (let again = 0; again < 5; again += 1) {
        await side.registry.register({ ...registration, meta: { ...registration.meta } });
        for (let look = 0; look < 5; look += 1) seen.push((await find(registration))?.check ?? 'absent');
      }
      expect(new Set(seen)).toEqual(new Set(['passing']));
    });

    it('writes what changed', async () => {
      const registration = await anInstance(true);
      await side.registry.register(registration);
      await untilCheck(registration, 'passing');
      await side.registry.register({ ...registration, tags: ['rref:def'] });
      const seen = await eventually('the new tags', async () => {
        const found = await find(registration);
        return found?.tags.includes('rref:def') && found;
      });
      expect(seen.tags).toEqual(['rref:def']);
      await untilCheck(registration, 'passing');
    });

    it('believes nothing of an instance at a new place before it was seen healthy there', async () => {
      const registration = await anInstance(true);
      await side.registry.register(registration);
      await untilCheck(registration, 'passing');
      const port = await side.serve(registration.host, registration.containerName, false);
      await side.registry.register({ ...registration, port, check: { ...HTTP, intervalSeconds: 60 } });
      const seen = await eventually('the new place', async () => {
        const found = await find(registration);
        return found?.port === port && found;
      });
      expect(seen.check).toBe('critical');
    });

    it('checks a worker without traffic by whether its container runs', async () => {
      const registration = await anInstance(true, { port: null, check: RUNNING });
      await side.registry.register(registration);
      const seen = await untilCheck(registration, 'passing');
      expect(seen.port).toBeNull();
      await side.setPassing(registration.host, registration.containerName, false);
      await untilCheck(registration, 'critical');
    });

    it('refuses to check by a Unix socket, and says what to do', async () => {
      const socket = { ...side.hosts[0], dockerUrl: 'unix:///var/run/docker.sock' };
      const registration = await anInstance(true, { port: null, check: RUNNING });
      await expect(side.registry.register({ ...registration, host: socket })).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: expect.stringMatching(`${socket.name}.*reachable by TCP`) as string,
      });
    });

    it('takes an instance out, and is content when there is none', async () => {
      const registration = await anInstance(true);
      await side.registry.register(registration);
      await untilCheck(registration, 'passing');
      await side.registry.deregister(registration.host, registration.id);
      await eventually('the instance to be gone', async () => (await find(registration)) === null);
      await side.registry.deregister(registration.host, registration.id);
      await side.registry.deregister(
        registration.host,
        freshName('a-name-that-is-long-enough-to-fill-a-line'.repeat(2)),
      );
    });

    it('lists the instances of all hosts, ordered by id', async () => {
      const service = freshName('contract-many');
      const ids = [freshName('b'), freshName('a')];
      for (const [index, id] of ids.entries())
        await side.registry.register(await anInstance(index === 0, { id, service, host: side.hosts[index] }));
      const seen = await eventually('both', async () => {
        const found = await side.registry.instances(service);
        return found.length === 2 && found.some(({ check }) => check === 'passing') && found;
      });
      expect(seen.map(({ id }) => id)).toEqual([...ids].sort());
      expect(new Set(seen.map(({ node }) => node))).toEqual(new Set(side.hosts.map((host) => host.name)));
      expect(seen.map(({ check }) => check)).toEqual(['critical', 'passing']);
      expect(await side.registry.instances(freshName('nothing'))).toEqual([]);
    });

    it('calls back at once and on a change, until aborted', async () => {
      const stop = new AbortController();
      const registration = await anInstance(true);
      let calls = 0;
      side.registry.watch(registration.service, () => (calls += 1), stop.signal);
      await eventually('the first call', () => calls > 0);
      let before = calls;
      await side.registry.register(registration);
      await untilCheck(registration, 'passing');
      await eventually('a call on the registration', () => calls > before);
      before = calls;
      await side.setPassing(registration.host, registration.containerName, false);
      await eventually('a call on the failing check', () => calls > before);
      stop.abort();
      const after = calls;
      await side.registry.deregister(registration.host, registration.id);
      await eventually('the instance to be gone', async () => (await find(registration)) === null);
      expect(calls).toBe(after);
    });

    it('names the host whose agent does not answer', async () => {
      const registration = { ...(await anInstance(true)), host: side.deadHost };
      const unavailable = { code: 'unavailable', message: expect.stringContaining(side.deadHost.name) as string };
      await expect(side.registry.register(registration)).rejects.toMatchObject(unavailable);
      await expect(side.registry.deregister(side.deadHost, registration.id)).rejects.toMatchObject(unavailable);
    });

    it('says that Consul does not answer', async () => {
      await expect(side.silent().instances('anything')).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('Consul') as string,
      });
    });
  });
}
