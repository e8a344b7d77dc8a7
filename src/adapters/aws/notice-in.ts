import type { HostNotice } from '../../ports/host-notices.js';

/** Kinds of events: https://docs.aws.amazon.com/autoscaling/ec2/userguide/automating-ec2-auto-scaling-with-eventbridge.html. */
const KINDS: Readonly<Record<string, HostNotice['kind']>> = {
  'EC2 Instance-terminate Lifecycle Action': 'terminating',
  'EC2 Spot Instance Interruption Warning': 'spot_interruption',
  'EC2 Instance Rebalance Recommendation': 'rebalance',
};

const TERMINATING = 'autoscaling:EC2_INSTANCE_TERMINATING';

const INSTANCE = /^i-[0-9a-f]{1,32}$/;

const REGION = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/;

type Json = Readonly<Record<string, unknown>>;

/**
 * The notice in the body of a message; null for what is none: a test of AWS's, the launch of a machine, junk. It is
 * understood as EventBridge writes it, as a hook writes it without EventBridge, and either by way of SNS.
 * @param queueRegion Region of the queue, which is meant where the message names none.
 */
export function noticeIn(body: string, queueRegion: string | null): HostNotice | null {
  const message = objectIn(body);
  if (message === null) return null;
  if (message['Type'] === 'Notification') return noticeOf(objectIn(message['Message']), queueRegion);
  return noticeOf(message, queueRegion);
}

function noticeOf(message: Json | null, queueRegion: string | null): HostNotice | null {
  if (message === null) return null;
  const kind = kindOf(message);
  const detail = 'detail' in message ? asObject(message['detail']) : message;
  const instance = detail?.['EC2InstanceId'] ?? detail?.['instance-id'];
  const region = message['region'] ?? queueRegion;
  if (kind === null || typeof instance !== 'string' || !INSTANCE.test(instance)) return null;
  if (typeof region !== 'string' || !REGION.test(region)) return null;
  const group = detail?.['AutoScalingGroupName'];
  return { kind, region, instance, group: typeof group === 'string' ? group : null };
}

function kindOf(message: Json): HostNotice['kind'] | null {
  const type = message['detail-type'];
  if (typeof type === 'string') return Object.hasOwn(KINDS, type) ? (KINDS[type] ?? null) : null;
  return message['LifecycleTransition'] === TERMINATING ? 'terminating' : null;
}

function objectIn(text: unknown): Json | null {
  if (typeof text !== 'string') return null;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Json | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
}
