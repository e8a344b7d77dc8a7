import { describe, expect, it } from 'vitest';
import { noticeIn } from './notice-in.js';
import { queueRegion } from './queue-region.js';

const INSTANCE = 'i-0123456789abcdef0';

/** An event as EventBridge writes it into a queue. */
function event(type: string, detail: Readonly<Record<string, unknown>>, change: object = {}): string {
  const envelope = { version: '0', id: '1', 'detail-type': type, source: 'aws.ec2', region: 'eu-west-1', detail };
  return JSON.stringify({ ...envelope, ...change });
}

const hook = { LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', LifecycleHookName: 'jockey-drain' };
const terminating = { ...hook, AutoScalingGroupName: 'web', EC2InstanceId: INSTANCE };
const TERMINATE = 'EC2 Instance-terminate Lifecycle Action';

describe('a notice', () => {
  it('says that a hook holds a machine, and of which group', () => {
    const notice = { kind: 'terminating', region: 'eu-west-1', instance: INSTANCE, group: 'web' };
    expect(noticeIn(event(TERMINATE, terminating), null)).toEqual(notice);
  });

  it.each([
    ['EC2 Spot Instance Interruption Warning', 'spot_interruption'],
    ['EC2 Instance Rebalance Recommendation', 'rebalance'],
  ])('%s', (type, kind) => {
    const detail = { 'instance-id': INSTANCE, 'instance-action': 'terminate' };
    const notice = { kind, region: 'eu-west-1', instance: INSTANCE, group: null };
    expect(noticeIn(event(type, detail), 'us-east-1')).toEqual(notice);
  });

  it('may come by way of SNS, and from a hook without EventBridge in the region of the queue', () => {
    const bySns = JSON.stringify({ Type: 'Notification', Message: event(TERMINATE, terminating) });
    expect(noticeIn(bySns, null)?.instance).toBe(INSTANCE);
    const direct = JSON.stringify(terminating);
    expect(noticeIn(direct, 'eu-central-1')).toMatchObject({ region: 'eu-central-1', group: 'web' });
    expect(noticeIn(direct, null)).toBeNull();
    expect(noticeIn(JSON.stringify({ Type: 'Notification', Message: direct }), 'eu-central-1')?.group).toBe('web');
  });

  it.each([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['a list', '[]'],
    ['null', 'null'],
    ['a test', JSON.stringify({ Event: 'autoscaling:TEST_NOTIFICATION', AutoScalingGroupName: 'web' })],
    ['a launch', event('EC2 Instance-launch Lifecycle Action', terminating)],
    [
      'a launch, straight',
      JSON.stringify({ ...terminating, LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' }),
    ],
    ['a name of the prototype', event('constructor', terminating)],
    ['no machine', event(TERMINATE, hook)],
    ['no id of a machine', event(TERMINATE, { ...terminating, EC2InstanceId: "i-1'; DROP TABLE hosts" })],
    ['no detail', event(TERMINATE, {}, { detail: null })],
    ['no region', event(TERMINATE, terminating, { region: '../..' })],
    ['a letter without a letter', JSON.stringify({ Type: 'Notification', Message: 7 })],
  ])('is not read out of %s', (_what, body) => {
    expect(noticeIn(body, 'eu-central-1')).toBeNull();
  });
});

describe('the region of a queue', () => {
  it.each([
    ['https://sqs.eu-central-1.amazonaws.com/123456789012/jockey', 'eu-central-1'],
    ['https://sqs-fips.us-gov-west-1.amazonaws.com/1/q', 'us-gov-west-1'],
    ['https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com/1/q', 'eu-west-1'],
    ['http://127.0.0.1:5555/123456789012/jockey', null],
    ['https://example.com/sqs.eu-west-1.amazonaws.com', null],
  ])('%s', (url, region) => {
    expect(queueRegion(url)).toBe(region);
  });
});
