import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host/host.js';
import type { OutputLine } from '../../src/domain/log/output-line.js';
import type { ContainerLogs } from '../../src/ports/container-logs.js';
import { eventually } from '../support/eventually.js';

/** What the suite needs of a side, fake or real. */
export interface ContainerLogsSetUp {
  readonly logs: ContainerLogs;
  readonly host: Host;
  /** A host that does not answer. */
  readonly deadHost: Host;
  /** Starts a container that says these lines, those with a `!` on standard error, and then waits; answers its name. */
  start(lines: readonly string[]): Promise<string>;
  /** Has a container say one line more. */
  say(name: string, line: string): Promise<void>;
  /** Ends a container; what it said stays. */
  end(name: string): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of {@link ContainerLogs} holds. */
export function containerLogsContract(name: string, begin: () => Promise<ContainerLogsSetUp>): void {
  describe(`ContainerLogs, ${name}`, () => {
    let side: ContainerLogsSetUp;
    const leaving: AbortController[] = [];

    beforeAll(async () => {
      side = await begin();
    });
    afterAll(async () => {
      leaving.forEach((each) => each.abort());
      await side?.close();
    });

    const read = (of: string, { since = null, tail = 100 }: { since?: bigint | null; tail?: number } = {}) =>
      side.logs.read(side.host, of, { since, tail });

    const readAll = (of: string, count: number) =>
      eventually(`${count} lines`, async () => {
        const lines = (await read(of)) ?? [];
        return lines.length >= count && lines;
      });

    const textsOf = (lines: readonly OutputLine[] | null) => lines?.map(({ text }) => text) ?? null;

    function follow(of: string, since: bigint | null = null) {
      const leave = new AbortController();
      leaving.push(leave);
      const seen: string[] = [];
      const done = (async () => {
        for await (const lines of side.logs.follow(side.host, of, { since, signal: leave.signal }))
          seen.push(...lines.map(({ text }) => text));
      })();
      return { seen, leave, done };
    }

    it('reads what was said, with its time and stream', async () => {
      const container = await side.start(['one', '!two', 'three']);
      const lines = await readAll(container, 3);
      expect([...lines].sort((a, b) => Number(a.at - b.at)).map(({ text, stream }) => [text, stream])).toEqual([
        ['one', 'stdout'],
        ['two', 'stderr'],
        ['three', 'stdout'],
      ]);
      expect(lines.every(({ goesOn }) => !goesOn)).toBe(true);
    });

    it('reads the last lines, and those from a moment on with the line of that moment', async () => {
      const container = await side.start(['one', 'two', 'three']);
      const lines = await readAll(container, 3);
      expect(textsOf(await read(container, { tail: 2 }))).toEqual(['two', 'three']);
      expect(textsOf(await read(container, { tail: 0 }))).toEqual([]);
      expect(textsOf(await read(container, { since: lines[1]?.at ?? 0n }))).toEqual(['two', 'three']);
      expect(textsOf(await read(container, { since: (lines[2]?.at ?? 0n) + 1n }))).toEqual([]);
    });

    it('follows from a moment on until the container ends, and gives nothing twice', async () => {
      const container = await side.start(['one', 'two']);
      const [, second] = await readAll(container, 2);
      const { seen, done } = follow(container, second?.at ?? 0n);
      await eventually('the old line', () => seen.length >= 1);
      await side.say(container, 'three');
      await eventually('the new line', () => seen.length >= 2);
      await side.end(container);
      await done;
      expect(seen).toEqual(['two', 'three']);
      expect(textsOf(await read(container))).toEqual(['one', 'two', 'three']);
    });

    it('ends for who leaves', async () => {
      const { seen, leave, done } = follow(await side.start(['one']));
      await eventually('the line', () => seen.length === 1);
      leave.abort();
      await done;
    });

    it('knows nothing of a container that is not there', async () => {
      expect(await read('nobody')).toBeNull();
      const { seen, done } = follow('nobody');
      await done;
      expect(seen).toEqual([]);
    });

    it('says that a host does not answer', async () => {
      const { logs, deadHost } = side;
      const refused = { code: 'unavailable', message: expect.stringContaining(deadHost.name) as string };
      await expect(logs.read(deadHost, 'any', { since: null, tail: 1 })).rejects.toMatchObject(refused);
      const { signal } = new AbortController();
      const lines = logs.follow(deadHost, 'any', { since: null, signal })[Symbol.asyncIterator]();
      await expect(lines.next()).rejects.toMatchObject(refused);
    });
  });
}
