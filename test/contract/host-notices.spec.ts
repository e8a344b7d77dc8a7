import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsClients } from '../../src/adapters/aws/aws-clients.js';
import { SqsHostNotices } from '../../src/adapters/aws/sqs-host-notices.js';
import type { HostNotice } from '../../src/ports/host-notices.js';
import { attachCluster } from '../../tools/cluster/cluster.js';
import { type Moto, startClusterMoto } from '../../tools/cluster/moto.js';
import { FakeHostNotices } from '../fakes/fake-host-notices.js';
import { type CloudClients, clientsOf, REGION } from '../support/cloud.js';
import { eventually } from '../support/eventually.js';
import { freshName } from './cluster.js';
import { hostNoticesContract, notice } from './host-notices.contract.js';

const TYPES = {
  terminating: 'EC2 Instance-terminate Lifecycle Action',
  spot_interruption: 'EC2 Spot Instance Interruption Warning',
  rebalance: 'EC2 Instance Rebalance Recommendation',
} as const;

hostNoticesContract('the fake', async () => {
  const notices = new FakeHostNotices();
  return { notices, send: async (each) => notices.send(each), close: async () => undefined };
});

let moto: Moto;
let cloud: CloudClients;

beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  vi.stubEnv('AWS_REGION', REGION);
  moto = await startClusterMoto(await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? ''));
  cloud = clientsOf(moto);
});
afterAll(async () => {
  await moto?.stop();
  vi.unstubAllEnvs();
});

/** A queue of the cloud; answers its URL. */
async function aQueue(): Promise<string> {
  const { QueueUrl = '' } = await cloud.sqs.send(new CreateQueueCommand({ QueueName: freshName('notices') }));
  return QueueUrl;
}

async function put(QueueUrl: string, body: unknown): Promise<void> {
  const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
  await cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

/** As EventBridge writes it. */
function eventOf({ kind, region, instance, group }: HostNotice): object {
  const detail =
    kind === 'terminating'
      ? { EC2InstanceId: instance, AutoScalingGroupName: group, LifecycleHookName: 'jockey-drain' }
      : { 'instance-id': instance };
  return { version: '0', id: randomUUID(), 'detail-type': TYPES[kind], source: 'aws.ec2', region, detail };
}

hostNoticesContract('SQS', async () => {
  const clients = new AwsClients(moto.url);
  const queueUrl = await aQueue();
  return {
    notices: new SqsHostNotices(clients, queueUrl, { mostTries: 10, longestPause: 1, hiddenFor: 2 }),
    send: (each) => put(queueUrl, eventOf(each)),
    close: () => clients.onModuleDestroy(),
  };
});

describe('SQS besides', () => {
  let clients: AwsClients;
  let queueUrl: string;
  let stop: AbortController;
  let heard: HostNotice[];

  beforeAll(() => {
    clients = new AwsClients(moto.url);
  });
  beforeEach(async () => {
    queueUrl = await aQueue();
    stop = new AbortController();
    heard = [];
  });
  afterEach(() => stop.abort());
  afterAll(() => clients.onModuleDestroy());

  const listen = (handler = async (each: HostNotice): Promise<void> => void heard.push(each), mostTries = 10): void =>
    new SqsHostNotices(clients, queueUrl, { mostTries, longestPause: 0, hiddenFor: 2 }).receive(handler, stop.signal);

  /** How many messages it holds, shown and hidden. */
  const held = async (): Promise<number> => {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const input = { QueueUrl: queueUrl, AttributeNames: [...names] };
    const { Attributes = {} } = await cloud.sqs.send(new GetQueueAttributesCommand(input));
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  };

  it('takes junk and tests off the queue without a word to the handler', async () => {
    await put(queueUrl, 'hello');
    await put(queueUrl, { Event: 'autoscaling:TEST_NOTIFICATION', AutoScalingGroupName: 'web' });
    await put(queueUrl, eventOf(notice('rebalance', '7')));
    listen();
    await eventually('an empty queue', async () => (await held()) === 0);
    expect(heard).toEqual([notice('rebalance', '7')]);
  });

  it('gives up what can never be handled', async () => {
    let tries = 0;
    await put(queueUrl, eventOf(notice('rebalance', '8')));
    listen(async () => {
      tries += 1;
      throw new Error('never');
    }, 3);
    await eventually('an empty queue', async () => tries >= 3 && (await held()) === 0);
    expect(tries).toBe(3);
  });

  it('hears what the cloud itself tells of a machine', async () => {
    const name = queueUrl.split('/').at(-1) ?? '';
    await moto.settings({ events_queue: { region: REGION, name } });
    listen();
    const { instance } = notice('spot_interruption', '9');
    await moto.notice('spot_interruption', { region: REGION, instance });
    await eventually('the notice', () => heard.length === 1);
    expect(heard).toEqual([notice('spot_interruption', '9')]);
    await moto.settings({ events_queue: null });
  });

  it('goes on when the queue answers again', async () => {
    await moto.fault({ action: '*', kind: 'deny', service: 'sqs' });
    const before = (await moto.calls()).length;
    listen();
    await eventually('a question that fails', async () => (await moto.calls()).length > before);
    await moto.mend();
    await put(queueUrl, eventOf(notice('rebalance', '10')));
    await eventually('the notice', () => heard.length === 1);
    expect(heard).toEqual([notice('rebalance', '10')]);
  });

  it('hears nothing without a queue, and ends when it is told to', async () => {
    new SqsHostNotices(clients, undefined).receive(async (each) => void heard.push(each), stop.signal);
    listen();
    stop.abort();
    await cloud.sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    expect(heard).toEqual([]);
  });
});
