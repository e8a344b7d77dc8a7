import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host/host.js';
import { LABELS } from '../../src/domain/instance/container-name.js';
import type { BuildHosts } from '../../src/ports/build-hosts.js';
import type { ContainerEvent, ContainerSpec, DockerHosts } from '../../src/ports/docker-hosts.js';
import { eventually } from '../support/eventually.js';
import { anImageBuild } from '../support/image-build.js';
import { contextOf } from './build-hosts.contract.js';
import { freshName } from './cluster.js';

/** What the suite needs of a side, fake or real. */
export interface DockerHostsSetUp {
  readonly docker: DockerHosts;
  readonly builds: BuildHosts;
  readonly host: Host;
  readonly otherHost: Host;
  /** A host that does not answer. */
  readonly deadHost: Host;
  /** `host:port` of a registry that answers. */
  readonly registry: string;
  /** The program that goes into images as `/busybox`. */
  readonly busybox: Buffer;
  /** Starts a container on `host` that Jockey did not make, on a port where one is given. */
  addForeign(name: string, hostPort?: number): Promise<void>;
  hasForeign(name: string): Promise<boolean>;
  /** Makes the registry silent for what is done, where the side can. */
  withoutRegistry(run: (registry: string) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Programs of containers; a fake knows them by their text. */
export const COMMANDS = {
  stays: ['/busybox', 'sleep', '600'],
  greets: ['/busybox', 'sh', '-c', 'echo "$GREETING"; exec /busybox sleep 600'],
  ends: ['/busybox', 'sh', '-c', 'echo last words; exit 7'],
  works: ['/busybox', 'sh', '-c', 'while true; do true; done'],
} as const;

/** What every implementation of {@link DockerHosts} holds. */
export function dockerHostsContract(name: string, begin: () => Promise<DockerHostsSetUp>): void {
  describe(`DockerHosts, ${name}`, () => {
    const app = freshName('contract');
    let side: DockerHostsSetUp;
    let image: string;
    let ports = 21_000 + Math.floor(Math.random() * 8_000);

    const never = new AbortController().signal;
    const labels = { [LABELS.app]: app, [LABELS.environment]: 'production' };

    function aSpec(change: Partial<ContainerSpec> = {}): ContainerSpec {
      ports += 1;
      return {
        name: freshName(app),
        image,
        entrypoint: null,
        command: COMMANDS.stays,
        env: {},
        labels,
        resources: { memoryMb: 16, cpus: 0.1 },
        publish: { containerPort: 8888, hostPort: ports },
        stopGraceSeconds: 0,
        stopSignal: 'SIGTERM',
        ...change,
      };
    }

    async function buildAndPush(tag: string): Promise<string> {
      await side.builds.build(side.host, anImageBuild({ context: contextOf(side.busybox), tag }));
      const digest = await side.builds.push(side.host, { tag, onLine: () => undefined, signal: never });
      return `${tag.slice(0, tag.lastIndexOf(':'))}@${digest}`;
    }

    beforeAll(async () => {
      side = await begin();
      image = await buildAndPush(`${side.registry}/${app}:first`);
      await side.docker.pull(side.host, image);
    });

    afterAll(async () => {
      const { docker } = side;
      for (const host of [side.host, side.otherHost])
        for (const each of await docker.list(host, { [LABELS.app]: app })) await docker.remove(host, each.name, 0);
      await side.close();
    });

    it('says what a host has', async () => {
      const { memoryMb, cpus } = await side.docker.capacity(side.host);
      expect(memoryMb).toBeGreaterThan(64);
      expect(cpus).toBeGreaterThan(0);
    });

    describe('containers', () => {
      it('starts one that can be found again', async () => {
        const spec = aSpec();
        const detail = await side.docker.start(side.host, spec);
        expect(detail).toMatchObject({ name: spec.name, state: 'running', labels, hostPort: spec.publish?.hostPort });
        expect(detail).toMatchObject({ exitCode: null, outOfMemory: false, restarts: 0 });
        expect(await side.docker.inspect(side.host, spec.name)).toEqual(detail);
        const found = (await side.docker.list(side.host, labels)).find((each) => each.name === spec.name);
        const { id, state, hostPort } = detail;
        expect(found).toMatchObject({ id, state, hostPort, labels });
      });

      it('starts one of the same name once', async () => {
        const spec = aSpec();
        const tries = await Promise.all([1, 2, 3].map(() => side.docker.start(side.host, spec)));
        expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
        expect((await side.docker.start(side.host, spec)).id).toBe(tries[0]?.id);
      });

      it('gives it its variables, and hands out what it printed last', async () => {
        const spec = aSpec({ command: COMMANDS.greets, env: { GREETING: 'good "morning" = $HOME', EMPTY: '' } });
        await side.docker.start(side.host, spec);
        const lines = await eventually('the container to print', async () => {
          const last = await side.docker.lastLines(side.host, spec.name, 5);
          return last.length > 0 && last;
        });
        expect(lines).toEqual(['good "morning" = $HOME']);
        expect(await side.docker.lastLines(side.host, spec.name, 0)).toEqual([]);
        expect(await side.docker.lastLines(side.host, freshName('nobody'), 5)).toEqual([]);
      });

      it('measures what one uses, and nothing of one that does not run', async () => {
        const [busy, idle, ended] = [COMMANDS.works, COMMANDS.stays, COMMANDS.ends].map((command) =>
          aSpec({ command }),
        );
        for (const each of [busy, idle, ended]) await side.docker.start(side.host, each as ContainerSpec);
        const used = await eventually('a container to be at its limit', async () => {
          const usage = await side.docker.usage(side.host, busy?.name ?? '');
          return usage !== null && usage.cpus > 0.05 && usage;
        });
        expect(used.cpus).toBeLessThan(0.2);
        const idly = await side.docker.usage(side.host, idle?.name ?? '');
        expect(idly?.cpus).toBeLessThan(0.05);
        expect(idly?.memoryMb).toBeLessThan(16);
        expect(await side.docker.usage(side.host, freshName('nobody'))).toBeNull();
        await eventually('the other to end', async () => {
          return (await side.docker.inspect(side.host, ended?.name ?? ''))?.state === 'exited';
        });
        expect(await side.docker.usage(side.host, ended?.name ?? '')).toBeNull();
        await expect(side.docker.usage(side.deadHost, 'any')).rejects.toMatchObject({ code: 'unavailable' });
        for (const each of [busy, idle]) await side.docker.remove(side.host, each?.name ?? '', 0);
      });

      it('shows that one ended, and keeps what it printed', async () => {
        const spec = aSpec({ command: COMMANDS.ends });
        await side.docker.start(side.host, spec);
        const detail = await eventually('the container to end', async () => {
          const seen = await side.docker.inspect(side.host, spec.name);
          return seen !== null && seen.state === 'exited' && seen.exitCode !== null && seen;
        });
        expect(detail).toMatchObject({ state: 'exited', exitCode: 7, outOfMemory: false });
        expect(await side.docker.lastLines(side.host, spec.name, 1)).toEqual(['last words']);
        expect((await side.docker.list(side.host, labels)).map((each) => each.name)).toContain(spec.name);
      });

      it('keeps one running that is there, and refuses one that is not', async () => {
        const spec = aSpec();
        await side.docker.start(side.host, spec);
        await side.docker.keepRunning(side.host, spec.name);
        await side.docker.keepRunning(side.host, spec.name);
        expect((await side.docker.inspect(side.host, spec.name))?.state).toBe('running');
        const absent = freshName('nobody');
        await expect(side.docker.keepRunning(side.host, absent)).rejects.toMatchObject({
          code: 'unprocessable_entity',
          message: expect.stringContaining(absent) as string,
        });
      });

      it('lists by labels, and only what Jockey made', async () => {
        const [mine, foreign] = [aSpec({ labels: { ...labels, [LABELS.worker]: 'clock' } }), freshName('foreign')];
        await side.docker.start(side.host, mine);
        await side.addForeign(foreign);
        const clocks = await side.docker.list(side.host, { [LABELS.app]: app, [LABELS.worker]: 'clock' });
        expect(clocks.map((each) => each.name)).toEqual([mine.name]);
        const all = (await side.docker.list(side.host, {})).map((each) => each.name);
        expect(all).toContain(mine.name);
        expect(all).not.toContain(foreign);
      });

      it('knows none of a name that is not there', async () => {
        expect(await side.docker.inspect(side.host, freshName('nobody'))).toBeNull();
      });

      it('refuses an image that is not there, with its name', async () => {
        const absent = `${side.registry}/absent@sha256:${'0'.repeat(64)}`;
        await expect(side.docker.start(side.host, aSpec({ image: absent }))).rejects.toMatchObject({
          code: 'unprocessable_entity',
          message: expect.stringContaining(side.host.name) as string,
        });
      });

      it('says that a port is taken, and leaves nothing behind', async () => {
        const first = aSpec();
        await side.docker.start(side.host, first);
        const second = aSpec({ publish: first.publish });
        await expect(side.docker.start(side.host, second)).rejects.toMatchObject({
          code: 'conflict',
          message: expect.stringMatching(`port ${first.publish?.hostPort} of host ${side.host.name}`) as string,
        });
        expect(await side.docker.inspect(side.host, second.name)).toBeNull();
        expect((await side.docker.inspect(side.host, first.name))?.state).toBe('running');
      });

      it('says the same of a port that somebody else holds', async () => {
        const spec = aSpec();
        await side.addForeign(freshName('foreign'), spec.publish?.hostPort);
        await expect(side.docker.start(side.host, spec)).rejects.toMatchObject({ code: 'conflict' });
        expect(await side.docker.inspect(side.host, spec.name)).toBeNull();
      });
    });

    describe('removal', () => {
      it('removes one that runs, and is content when there is none', async () => {
        const spec = aSpec();
        await side.docker.start(side.host, spec);
        await side.docker.remove(side.host, spec.name, 0);
        expect(await side.docker.inspect(side.host, spec.name)).toBeNull();
        await side.docker.remove(side.host, spec.name, 0);
      });

      it('may be asked for many times at once', async () => {
        const spec = aSpec();
        await side.docker.start(side.host, spec);
        await Promise.all([1, 2, 3, 4].map(() => side.docker.remove(side.host, spec.name, 0)));
        await eventually('the container to be gone', async () => {
          return (await side.docker.inspect(side.host, spec.name)) === null;
        });
      });

      it('leaves alone what Jockey did not make', async () => {
        const foreign = freshName('foreign');
        await side.addForeign(foreign);
        await expect(side.docker.remove(side.host, foreign, 0)).rejects.toMatchObject({ code: 'forbidden' });
        await expect(side.docker.start(side.host, aSpec({ name: foreign }))).rejects.toMatchObject({
          code: 'forbidden',
          message: expect.stringContaining(foreign) as string,
        });
        expect(await side.hasForeign(foreign)).toBe(true);
      });
    });

    describe('images', () => {
      it('pushes, and the digest leads to the image from another host', async () => {
        const fresh = await buildAndPush(`${side.registry}/${app}:third`);
        expect(fresh).toMatch(/@sha256:[0-9a-f]{64}$/);
        const { docker, otherHost } = side;
        expect(await docker.hasImage(otherHost, fresh)).toBe(false);
        await Promise.all([1, 2, 3].map(() => docker.pull(otherHost, fresh)));
        expect(await docker.hasImage(otherHost, fresh)).toBe(true);
        await docker.pull(otherHost, fresh);
        const spec = aSpec({ image: fresh });
        expect((await docker.start(otherHost, spec)).state).toBe('running');
      });

      it('refuses to pull what the registry does not have', async () => {
        const absent = `${side.registry}/${app}@sha256:${'1'.repeat(64)}`;
        await expect(side.docker.pull(side.otherHost, absent)).rejects.toMatchObject({
          code: 'unprocessable_entity',
          message: expect.stringMatching(`${side.otherHost.name}.*${absent}`) as string,
        });
      });

      it('says that the registry does not answer', async () => {
        await side.withoutRegistry(async (registry) => {
          const absent = `${registry}/${app}@sha256:${'2'.repeat(64)}`;
          await expect(side.docker.pull(side.host, absent)).rejects.toMatchObject({
            code: 'unprocessable_entity',
            message: expect.stringContaining(`the registry ${registry} does not answer host`) as string,
          });
        });
      });
    });

    describe('events', () => {
      it('tells what happens to our containers, until aborted', async () => {
        const stop = new AbortController();
        const events: ContainerEvent[] = [];
        side.docker.watch(side.host, (event) => events.push(event), stop.signal);
        const probe = aSpec();
        await eventually('the watch to stand', async () => {
          await side.docker.start(side.host, probe);
          await side.docker.remove(side.host, probe.name, 0);
          return events.length > 0;
        });
        const spec = aSpec();
        await side.addForeign(freshName('foreign'));
        await side.docker.start(side.host, spec);
        await side.docker.remove(side.host, spec.name, 0);
        const of = (action: string) => events.find((each) => each.name === spec.name && each.action === action);
        await eventually('its end to be told', () => of('destroy'));
        expect(of('start')).toMatchObject({ host: side.host.name, labels });
        expect(await eventually('its death to be told', () => of('die'))).toMatchObject({
          host: side.host.name,
          labels,
        });
        expect(events.filter(({ labels: of }) => !(LABELS.app in of))).toEqual([]);

        stop.abort();
        const before = events.length;
        const later = aSpec();
        await side.docker.start(side.host, later);
        await side.docker.remove(side.host, later.name, 0);
        expect(events).toHaveLength(before);
      });

      it('tells of an end only when the list shows it: who looks then sees it', async () => {
        const stop = new AbortController();
        const looks = new Map<string, Promise<string | undefined>>();
        const look = async (name: string) =>
          (await side.docker.list(side.host, labels)).find((each) => each.name === name)?.state;
        side.docker.watch(
          side.host,
          ({ action, name }) => void (action === 'die' && looks.set(name, look(name))),
          stop.signal,
        );
        const specs = Array.from({ length: 5 }, () => aSpec({ command: COMMANDS.ends }));
        await eventually('the watch to stand', async () => {
          const probe = aSpec({ command: COMMANDS.ends });
          await side.docker.start(side.host, probe);
          return looks.size > 0;
        });
        for (const spec of specs) {
          await side.docker.start(side.host, spec);
          const seen = await eventually(`the death of ${spec.name} to be told`, () => looks.get(spec.name));
          expect(seen).toBe('exited');
        }
        stop.abort();
      });
    });

    it('names a host that does not answer, and what was tried', async () => {
      const { docker, deadHost } = side;
      const questions: (() => Promise<unknown>)[] = [
        () => docker.capacity(deadHost),
        () => docker.list(deadHost, {}),
        () => docker.inspect(deadHost, 'a'),
        () => docker.pull(deadHost, image),
        () => docker.start(deadHost, aSpec()),
        () => docker.keepRunning(deadHost, 'a'),
        () => docker.remove(deadHost, 'a', 0),
        () => docker.lastLines(deadHost, 'a', 5),
      ];
      for (const ask of questions)
        await expect(ask()).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringContaining(`host ${deadHost.name}`) as string,
        });
      expect(await docker.hasImage(deadHost, image)).toBe(false);
    });
  });
}
