import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostNotice, HostNotices } from '../../src/ports/host-notices.js';
import { eventually } from '../support/eventually.js';

/** What the suite needs of a side, fake or real. */
export interface HostNoticesSetUp {
  readonly notices: HostNotices;
  /** Has the cloud tell of a machine. */
  send(notice: HostNotice): Promise<void>;
  close(): Promise<void>;
}

/** What every implementation of {@link HostNotices} holds. */
export function hostNoticesContract(name: string, begin: () => Promise<HostNoticesSetUp>): void {
  describe(`HostNotices, ${name}`, () => {
    let side: HostNoticesSetUp;

    beforeAll(async () => {
      side = await begin();
    });
    afterAll(() => side?.close());

    it('hands over what comes in, in full', async () => {
      const stop = new AbortController();
      const heard: HostNotice[] = [];
      side.notices.receive(async (notice) => void heard.push(notice), stop.signal);
      const sent = [notice('terminating', '1', 'web'), notice('spot_interruption', '2'), notice('rebalance', '3')];
      for (const each of sent) await side.send(each);
      await eventually('all three', () => heard.length >= 3);
      expect(heard).toEqual(expect.arrayContaining(sent));
      stop.abort();
    });

    it('brings one whose handler rejects again, and one that was handled never', async () => {
      const stop = new AbortController();
      const heard: string[] = [];
      const handler = async ({ instance }: HostNotice): Promise<void> => {
        heard.push(instance);
        if (instance === idOf('4') && count(heard, instance) < 3) throw new Error('not yet');
      };
      side.notices.receive(handler, stop.signal);
      await side.send(notice('terminating', '4', 'web'));
      await eventually('the third try', () => count(heard, idOf('4')) === 3);
      await side.send(notice('terminating', '5', 'web'));
      await eventually('the next', () => heard.includes(idOf('5')));
      expect(count(heard, idOf('4'))).toBe(3);
      stop.abort();
    });

    it('brings what came while nobody listened to who listens next', async () => {
      const first = new AbortController();
      const early: string[] = [];
      side.notices.receive(async ({ instance }) => void early.push(instance), first.signal);
      first.abort();
      await side.send(notice('rebalance', '6'));
      const next = new AbortController();
      const late: string[] = [];
      side.notices.receive(async ({ instance }) => void late.push(instance), next.signal);
      await eventually('the notice', () => late.includes(idOf('6')));
      expect(early).toEqual([]);
      next.abort();
    });
  });
}

/** A notice of a machine of this number. */
export function notice(kind: HostNotice['kind'], number: string, group: string | null = null): HostNotice {
  return { kind, region: 'eu-central-1', instance: idOf(number), group };
}

const idOf = (number: string): string => `i-${number.padStart(17, '0')}`;

const count = (heard: readonly string[], instance: string): number => heard.filter((each) => each === instance).length;
