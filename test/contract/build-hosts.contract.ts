import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildLine } from '../../src/domain/build/build-line.js';
import type { Host } from '../../src/domain/host/host.js';
import type { BuildHosts, ImageBuild } from '../../src/ports/build-hosts.js';
import { anImageBuild } from '../support/image-build.js';
import { freshName } from './cluster.js';

/** What the suite needs of a side, fake or real. */
export interface BuildHostsSetUp {
  readonly builds: BuildHosts;
  readonly host: Host;
  /** A host that does not answer. */
  readonly deadHost: Host;
  /** `host:port` of a registry that answers. */
  readonly registry: string;
  /** The program that goes into images as `/busybox`. */
  readonly busybox: Buffer;
  /** Whether the image of this tag, or of this digest, is on `host`. */
  hasImage(image: string): Promise<boolean>;
  /** Makes the registry silent for what is done, where the side can. */
  withoutRegistry(run: (registry: string) => Promise<void>): Promise<void>;
  /** Removes the images of the suite, whose names begin so. */
  close(prefix: string): Promise<void>;
}

/** Dockerfiles of the build context by name; a fake knows them by their name. */
export const DOCKERFILES = {
  Dockerfile: 'FROM scratch\nCOPY busybox /busybox\nCMD ["/busybox", "sleep", "600"]\n',
  Broken: 'FROM scratch\nCOPY busybox /busybox\nRUN ["/busybox", "sh", "-c", "echo about to fail; exit 7"]\n',
  Slow: 'FROM scratch\nCOPY busybox /busybox\nRUN ["/busybox", "sh", "-c", "echo it began; sleep 100"]\n',
} as const;

/** The build context with all the Dockerfiles, a tar stream. */
export function contextOf(busybox: Buffer, more: Readonly<Record<string, string>> = {}): Readable {
  const tar = pack();
  for (const [name, text] of Object.entries({ ...DOCKERFILES, ...more })) tar.entry({ name }, text);
  tar.entry({ name: 'busybox', mode: 0o755 }, busybox);
  tar.finalize();
  return Readable.from(tar);
}

/** What every implementation of `BuildHosts` holds for images made of a Dockerfile. */
export function buildHostsContract(name: string, begin: () => Promise<BuildHostsSetUp>): void {
  describe(`BuildHosts, ${name}`, () => {
    const app = freshName('b1');
    const never = new AbortController().signal;
    let side: BuildHostsSetUp;
    let lines: BuildLine[];

    function aBuild(change: Partial<ImageBuild>): ImageBuild {
      lines = [];
      const onLine = (line: BuildLine) => void lines.push(line);
      return anImageBuild({ context: contextOf(side.busybox), labels: { made: 'here' }, onLine, ...change });
    }

    beforeAll(async () => {
      side = await begin();
    });

    afterAll(() => side.close(`${side.registry}/${app}`));

    it('builds, line by line, each with its stream', async () => {
      const tag = `${side.registry}/${app}:first`;
      await side.builds.build(side.host, aBuild({ tag }));
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.filter(({ text }) => text.includes('\n'))).toEqual([]);
      expect(lines.some(({ text }) => text.startsWith('[1/1] COPY busybox /busybox'))).toBe(true);
      expect(await side.hasImage(tag)).toBe(true);
    });

    it('waits for whoever takes its lines', async () => {
      let taking = 0;
      let most = 0;
      const onLine = async () => {
        most = Math.max(most, (taking += 1));
        await new Promise((resolve) => setImmediate(resolve));
        taking -= 1;
      };
      await side.builds.build(side.host, aBuild({ tag: `${side.registry}/${app}:paced`, onLine }));
      expect(most).toBe(1);
    });

    it('hands over its lines before it has ended, and stops when told to', async () => {
      const stop = new AbortController();
      const tag = `${side.registry}/${app}:slow`;
      const onLine = ({ text }: BuildLine) => {
        if (text === 'it began') stop.abort(new Error('enough seen'));
      };
      const build = aBuild({ dockerfile: 'Slow', tag, onLine, signal: stop.signal });
      await expect(side.builds.build(side.host, build)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(`${side.host.name}.*enough seen$`) as string,
      });
      expect(stop.signal.aborted).toBe(true);
      expect(await side.hasImage(tag)).toBe(false);
    });

    it('names the step that failed, its code and its last lines, and keeps the lines up to it', async () => {
      const build = aBuild({ dockerfile: 'Broken', tag: `${side.registry}/${app}:broken` });
      await expect(side.builds.build(side.host, build)).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: expect.stringMatching(
          /^step 2 of 2 failed with exit code 7: RUN .*its last lines: about to fail$/,
        ) as string,
      });
      expect(lines).toContainEqual(expect.objectContaining({ text: 'about to fail', stream: 'stdout' }));
    });

    it('says that a Dockerfile is not there', async () => {
      const build = aBuild({ dockerfile: 'Absent', tag: `${side.registry}/${app}:absent` });
      await expect(side.builds.build(side.host, build)).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: 'Cannot locate specified Dockerfile: Absent',
      });
    });

    it('pushes, and answers the digest by which the registry holds it', async () => {
      const tag = `${side.registry}/${app}:pushed`;
      await side.builds.build(side.host, aBuild({ tag }));
      const digest = await side.builds.push(side.host, { tag, onLine: () => undefined, signal: never });
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await side.hasImage(`${side.registry}/${app}@${digest}`)).toBe(true);
    });

    it('says that the registry does not answer a push', async () => {
      await side.withoutRegistry(async (registry) => {
        const tag = `${registry}/${app}:lost`;
        await side.builds.build(side.host, aBuild({ tag }));
        await expect(
          side.builds.push(side.host, { tag, onLine: () => undefined, signal: never }),
        ).rejects.toMatchObject({
          code: 'unprocessable_entity',
          message: expect.stringContaining(`the registry ${registry} does not answer host`) as string,
        });
      });
    });

    it('names a host that does not answer', async () => {
      const { builds, deadHost } = side;
      const silent = { code: 'unavailable', message: expect.stringContaining(`host ${deadHost.name}`) as string };
      await expect(builds.build(deadHost, aBuild({}))).rejects.toMatchObject(silent);
      const push = { tag: 'r/a:1', onLine: () => undefined, signal: never };
      await expect(builds.push(deadHost, push)).rejects.toMatchObject(silent);
    });
  });
}
