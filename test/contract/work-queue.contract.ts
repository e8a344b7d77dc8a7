import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Trigger, WorkQueue } from '../../src/ports/work-queue.js';
import { eventually } from '../support/eventually.js';

/** What the suite needs of a side, fake or real. */
export interface WorkQueueSetUp {
  /** A process's end of a queue; those of one name are ends of the same. */
  open(name: string): WorkQueue;
  /** An end whose Redis does not answer. */
  silent(): WorkQueue;
  close(): Promise<void>;
}

/** What every implementation of {@link WorkQueue} holds. */
export function workQueueContract(name: string, begin: () => Promise<WorkQueueSetUp>): void {
  describe(`WorkQueue, ${name}`, () => {
    let side: WorkQueueSetUp;

    beforeAll(async () => {
      side = await begin();
    });

    afterAll(() => side.close());

    let queues = 0;
    const freshName = () => `contract-${(queues += 1)}`;
    const build = (number: number): Trigger => ({ kind: 'build', buildId: String(number) });
    const place: Trigger = { kind: 'app_environment', appId: '7', environmentId: '2' };

    it('hands on what was sent, as it was sent', async () => {
      const queue = side.open(freshName());
      const received: Trigger[] = [];
      queue.receive((trigger) => received.push(trigger));
      await queue.send(build(1));
      await queue.send(place);
      await eventually('both triggers', () => received.length === 2);
      expect(received).toEqual(expect.arrayContaining([build(1), place]));
    });

    it('keeps what was sent before anybody received', async () => {
      const of = freshName();
      await side.open(of).send(build(2));
      const received: Trigger[] = [];
      side.open(of).receive((trigger) => received.push(trigger));
      await eventually('the trigger', () => received.length === 1);
    });

    it('hands each to one of several receivers', async () => {
      const of = freshName();
      const received: string[] = [];
      for (const _receiver of [1, 2])
        side.open(of).receive((trigger) => received.push(trigger.kind === 'build' ? trigger.buildId : ''));
      const sender = side.open(of);
      const ids = Array.from({ length: 40 }, (_, index) => String(index));
      for (const buildId of ids) await sender.send({ kind: 'build', buildId });
      await sender.send(build(99));
      await eventually('the last trigger', () => received.includes('99'));
      await eventually('all triggers', () => received.length >= 41);
      expect([...received].sort()).toEqual([...ids, '99'].sort());
    });

    it('hands it on later where that is asked for', async () => {
      const queue = side.open(freshName());
      const received: { trigger: Trigger; at: number }[] = [];
      queue.receive((trigger) => received.push({ trigger, at: Date.now() }));
      const sentAt = Date.now();
      await queue.send(build(1), 2_000);
      await queue.send(build(2));
      await eventually('both', () => received.length === 2);
      expect(received.map(({ trigger }) => trigger)).toEqual([build(2), build(1)]);
      expect((received[1]?.at ?? 0) - sentAt).toBeGreaterThanOrEqual(1_990);
    });

    it('goes on after a handler has thrown', async () => {
      const queue = side.open(freshName());
      const received: Trigger[] = [];
      queue.receive((trigger) => {
        received.push(trigger);
        if (received.length === 1) throw new Error('a fault of the handler');
      });
      await queue.send(build(1));
      await eventually('the first', () => received.length === 1);
      await queue.send(build(2));
      await eventually('the second', () => received.length === 2);
      expect(received).toEqual([build(1), build(2)]);
    });

    it('hands nothing to a receiver that was closed', async () => {
      const of = freshName();
      const early: Trigger[] = [];
      const late: Trigger[] = [];
      const closing = side.open(of);
      closing.receive((trigger) => early.push(trigger));
      await side.open(of).send(build(1));
      await eventually('the first', () => early.length === 1);
      await closing.close();
      await closing.close();
      side.open(of).receive((trigger) => late.push(trigger));
      await side.open(of).send(build(2));
      await eventually('the second', () => late.length === 1);
      expect(early).toEqual([build(1)]);
    });

    it('says whether it answers', async () => {
      await expect(side.open(freshName()).ping()).resolves.toBeUndefined();
      await expect(side.silent().ping()).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/^Redis does not answer/) as string,
      });
    });

    it('holds nobody up and throws nothing while it does not answer', async () => {
      const queue = side.silent();
      const sentAt = Date.now();
      await expect(queue.send(build(1))).resolves.toBeUndefined();
      await expect(queue.send(build(2), 100)).resolves.toBeUndefined();
      // A connection that says nothing is held for dead after fifteen seconds; nobody waits for that.
      expect(Date.now() - sentAt).toBeLessThan(12_000);
    });
  });
}
