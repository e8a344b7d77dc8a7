import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
  type Instance,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, EC2Client } from '@aws-sdk/client-ec2';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Moto } from '../../tools/cluster/moto.js';

export const REGION = 'eu-central-1';
/** Known to moto in every region. */
export const IMAGE = 'ami-12c6146b';

/** Amazon's own clients, pointed at a cloud in memory. */
export interface CloudClients {
  readonly scaling: AutoScalingClient;
  readonly ec2: EC2Client;
  readonly sqs: SQSClient;
}

/** Whose calls fail on demand and are counted, and whose are not. */
export type Caller = 'test' | 'onlooker';

/** Clients of the cloud that try each call once. */
export function clientsOf({ url: endpoint }: Pick<Moto, 'url'>, accessKeyId: Caller = 'test'): CloudClients {
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  const settings = { region: REGION, endpoint, credentials, maxAttempts: 1 };
  return { scaling: new AutoScalingClient(settings), ec2: new EC2Client(settings), sqs: new SQSClient(settings) };
}

/** Limits of a group that somebody makes by hand. */
export interface HandMadeGroup {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly desired: number;
  readonly protectsNew?: boolean;
}

/** Makes a launch template and a group of it, as somebody does by hand. */
export async function makeGroup({ scaling, ec2 }: CloudClients, group: HandMadeGroup): Promise<void> {
  const data = { ImageId: IMAGE, InstanceType: 'm5.large' as const };
  await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: group.name, LaunchTemplateData: data }));
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: group.name,
      MinSize: group.min ?? 0,
      MaxSize: group.max ?? 10,
      DesiredCapacity: group.desired,
      AvailabilityZones: [`${REGION}a`, `${REGION}b`],
      LaunchTemplate: { LaunchTemplateName: group.name, Version: '$Latest' },
      NewInstancesProtectedFromScaleIn: group.protectsNew ?? false,
    }),
  );
}

/** A group as the cloud describes it; none where it is not there. */
export async function groupNamed({ scaling }: CloudClients, name: string): Promise<AutoScalingGroup | undefined> {
  const answer = await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }));
  return answer.AutoScalingGroups?.[0];
}

/** The machines of a group, oldest first. */
export async function machinesOf(clients: CloudClients, name: string): Promise<readonly Instance[]> {
  return (await groupNamed(clients, name))?.Instances ?? [];
}
