import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BullWorkQueue } from '../../src/adapters/bull/bull-work-queue.js';
import type { Trigger, WorkQueue } from '../../src/ports/work-queue.js';
import { FakeRedis, FakeWorkQueue } from '../fakes/fake-work-queue.js';
import { eventually } from '../support/eventually.js';
import { TcpGate } from '../support/tcp-gate.js';
import { unusedPort } from './cluster.js';
import { workQueueContract, type WorkQueueSetUp } from './work-queue.contract.js';

workQueueContract('in memory', beginFake);
workQueueContract('through Redis', beginReal);

const BUILD: Trigger = { kind: 'build', buildId: '1' };

async function beginFake(): Promise<WorkQueueSetUp> {
  const all = new Map<string, FakeRedis>();
  const deaf = new FakeRedis();
  deaf.answers = false;
  return {
    open: (name) => {
      const redis = all.get(name) ?? new FakeRedis();
      all.set(name, redis);
      return new FakeWorkQueue(redis);
    },
    silent: () => new FakeWorkQueue(deaf),
    close: async () => undefined,
  };
}

async function beginReal(): Promise<WorkQueueSetUp> {
  const run = randomBytes(4).toString('hex');
  const opened: WorkQueue[] = [];
  const keep = (queue: WorkQueue) => {
    opened.push(queue);
    return queue;
  };
  const dead = `redis://127.0.0.1:${await unusedPort()}`;
  return {
    open: (name) => keep(new BullWorkQueue(redisUrl(), `${run}-${name}`)),
    silent: () => keep(new BullWorkQueue(dead, run, () => undefined)),
    close: async () => void (await Promise.all(opened.map((queue) => queue.close()))),
  };
}

describe('BullWorkQueue while Redis comes and goes', () => {
  let gate: TcpGate;
  let queue: BullWorkQueue;
  let warnings: string[];
  let received: Trigger[];
  let url: string;

  beforeEach(async () => {
    const { hostname, port } = new URL(redisUrl());
    gate = new TcpGate({ host: hostname, port: Number(port || 6379) });
    url = `redis://127.0.0.1:${await gate.open()}/15`;
    warnings = [];
    received = [];
  });

  afterEach(async () => {
    gate.release();
    await queue.close();
    await gate.shut();
  });

  const open = () => {
    queue = new BullWorkQueue(url, `outage-${randomBytes(4).toString('hex')}`, (sentence) => warnings.push(sentence));
    queue.receive((trigger) => received.push(trigger));
  };
  const passes = async (what: string) => {
    const before = received.length;
    await queue.send(BUILD);
    await eventually(what, () => received.length > before);
  };

  it('delivers again after each outage, and warns once of each', async () => {
    open();
    await passes('a trigger before');
    for (const outage of [1, 2]) {
      await gate.shut();
      await eventually('the warning', () => warnings.length === outage);
      await queue.send(BUILD);
      await queue.send(BUILD);
      await gate.open();
      await passes('a trigger afterwards');
      expect(warnings).toHaveLength(outage);
    }
  });

  it('delivers what was sent during an outage when it is over', async () => {
    open();
    await passes('a trigger before');
    await gate.shut();
    await queue.send({ kind: 'build', buildId: '77' });
    await gate.open();
    await eventually('what was sent', () => received.some((each) => each.kind === 'build' && each.buildId === '77'));
  });

  it('begins to deliver when Redis was away at its start', async () => {
    await gate.shut();
    open();
    await queue.send(BUILD);
    await gate.open();
    await passes('a trigger');
  });

  it('holds nobody up while Redis hangs, and goes on after it', async () => {
    open();
    await passes('a trigger before');
    gate.hold();
    const sentAt = Date.now();
    await queue.send(BUILD);
    for (let count = 0; count < 20; count += 1) await queue.send(BUILD);
    // Without holding up: not until the connection is held for dead, after fifteen seconds.
    expect(Date.now() - sentAt).toBeLessThan(12_000);
    await expect(queue.ping()).rejects.toMatchObject({ code: 'unavailable' });
    expect(warnings).toHaveLength(1);
    gate.release();
    await passes('a trigger afterwards');
    await expect(queue.ping()).resolves.toBeUndefined();
  });

  it('connects anew when its connections are dead and nobody closed them', async () => {
    open();
    await passes('a trigger before');
    gate.abandon();
    await queue.send(BUILD);
    await eventually('an answer over a new connection', async () =>
      queue.ping().then(
        () => true,
        () => false,
      ),
    );
    await passes('a trigger afterwards');
  });

  it('goes on when Redis has forgotten everything', async () => {
    open();
    await passes('a trigger before');
    await forgetAll();
    await passes('a trigger afterwards');
  });
});

function redisUrl(): string {
  const url = process.env['REDIS_URL'];
  if (url === undefined || url === '') throw new Error('REDIS_URL should name a Redis that tests may use');
  return url;
}

/** Empties the database of these tests, and takes the scripts that bull has put there. */
async function forgetAll(): Promise<void> {
  const { hostname, port } = new URL(redisUrl());
  const socket = connect(Number(port || 6379), hostname);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => (answer += text));
  socket.write('SELECT 15\r\nFLUSHDB\r\nSCRIPT FLUSH\r\n');
  await eventually('Redis to forget', () => answer === '+OK\r\n+OK\r\n+OK\r\n');
  socket.destroy();
}
