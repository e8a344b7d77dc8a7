import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostCatalog, HostPool } from '../../src/ports/host-catalog.js';
import { eventually } from '../support/eventually.js';
import { freshName } from './cluster.js';

/** What the suite needs of a side, fake or real. */
export interface HostCatalogSetUp {
  readonly catalog: HostCatalog;
  /** A pool of two healthy hosts of which nobody else knows, each with 2048 MB and 2 cores. */
  readonly pool: HostPool;
  /** Names of its hosts, ordered. */
  readonly names: readonly [string, string];
  /** Lets a host's check fail with these words, or pass with null. */
  setFailing(host: string, words: string | null): Promise<void>;
  /** A catalog whose Consul does not answer. */
  silent(): HostCatalog;
  close(): Promise<void>;
}

/** What every implementation of {@link HostCatalog} holds. */
export function hostCatalogContract(name: string, begin: () => Promise<HostCatalogSetUp>): void {
  describe(`HostCatalog, ${name}`, () => {
    let side: HostCatalogSetUp;

    beforeAll(async () => {
      side = await begin();
    });

    afterAll(() => side.close());

    const healthOf = async (host: string) => (await side.catalog.hosts(side.pool)).find(({ name }) => name === host);

    it('lists the hosts of a pool with where and what they are, ordered by name', async () => {
      const hosts = await side.catalog.hosts(side.pool);
      expect(hosts.map((host) => host.name)).toEqual(side.names);
      for (const host of hosts)
        expect(host).toEqual({
          name: host.name,
          address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) as string,
          dockerUrl: `http://${host.address}:2375`,
          machine: null,
          agentUrl: `http://${host.address}:8500`,
          healthy: true,
          unhealthyBecause: null,
          capacity: { memoryMb: 2048, cpus: 2 },
        });
    });

    it('keeps a host whose check fails, and says what the check said', async () => {
      const [sick, well] = side.names;
      await side.setFailing(sick, 'the disk is full');
      const host = await eventually('the host to be unhealthy', async () => {
        const seen = await healthOf(sick);
        return seen?.healthy === false && seen;
      });
      expect(host.unhealthyBecause).toContain('the disk is full');
      expect((await healthOf(well))?.healthy).toBe(true);
      await side.setFailing(sick, null);
      await eventually('the host to be healthy', async () => (await healthOf(sick))?.healthy);
      expect((await healthOf(sick))?.unhealthyBecause).toBeNull();
    });

    it('is empty for a pool that nobody serves', async () => {
      expect(await side.catalog.hosts({ ...side.pool, environment: freshName('nowhere') })).toEqual([]);
      expect(await side.catalog.environmentsOf(freshName('nothing'))).toEqual([]);
    });

    it('knows in which environments a stack has hosts', async () => {
      expect(await side.catalog.environmentsOf(side.pool.stack)).toEqual([side.pool.environment]);
    });

    it('calls back at once and on a change, until aborted', async () => {
      const stop = new AbortController();
      let calls = 0;
      side.catalog.watch(side.pool, () => (calls += 1), stop.signal);
      await eventually('the first call', () => calls > 0);
      const before = calls;
      await side.setFailing(side.names[0], 'the disk is full again');
      await eventually('a call on the change', () => calls > before);
      await side.setFailing(side.names[0], null);
      await eventually('the host to be healthy', async () => (await healthOf(side.names[0]))?.healthy);
      stop.abort();
      const after = calls;
      await side.setFailing(side.names[0], 'and again');
      await eventually('the host to be unhealthy', async () => (await healthOf(side.names[0]))?.healthy === false);
      expect(calls).toBe(after);
      await side.setFailing(side.names[0], null);
    });

    it('says that Consul does not answer', async () => {
      const silent = side.silent();
      const unavailable = { code: 'unavailable', message: expect.stringContaining('Consul') as string };
      await expect(silent.hosts(side.pool)).rejects.toMatchObject(unavailable);
      await expect(silent.environmentsOf('api')).rejects.toMatchObject(unavailable);
    });

    it('survives a watch on a Consul that does not answer', async () => {
      const stop = new AbortController();
      const silent = side.silent();
      let calls = 0;
      silent.watch(side.pool, () => (calls += 1), stop.signal);
      await expect(silent.hosts(side.pool)).rejects.toMatchObject({ code: 'unavailable' });
      stop.abort();
      silent.watch(side.pool, () => (calls += 1), stop.signal);
    });
  });
}
