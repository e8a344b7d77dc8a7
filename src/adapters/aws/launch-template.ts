import { gzipSync } from 'node:zlib';
import type { EC2, RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { LaunchSettings } from '../../domain/host-pool/host-pool.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { GroupRef } from '../../ports/host-groups.js';
import { AwsFault } from './aws-fault.js';

/** Most bytes of user data, before base64: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html. */
const USER_DATA_LIMIT = 16_384;

/** Longest name of a launch template: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html. */
const LONGEST_NAME = 128;

/** Marks a template as one of Jockey's, and says of which group. */
const GROUP_TAG = 'jockey:group';

/** Name of the template that the machines of a group are started from, where Jockey made it. */
export function templateName({ name }: GroupRef): string {
  return `jockey-${name.replace(/[^a-zA-Z0-9().\-/_]/g, '_')}`.slice(0, LONGEST_NAME);
}

/** Writes the template, a new version of it where it is there; says whether it was not. */
export async function putTemplate(ec2: EC2, group: GroupRef, data: RequestLaunchTemplateData): Promise<boolean> {
  const input = { LaunchTemplateName: templateName(group), LaunchTemplateData: data };
  try {
    await ec2.createLaunchTemplate({
      ...input,
      TagSpecifications: [{ ResourceType: 'launch-template', Tags: [{ Key: GROUP_TAG, Value: group.name }] }],
    });
    return true;
  } catch (error) {
    if (!(error instanceof AwsFault && error.code === 'conflict')) throw error;
    await ec2.createLaunchTemplateVersion(input);
    return false;
  }
}

/** Takes the template away, where it is Jockey's; one that is not there is done. */
export async function removeTemplate(ec2: EC2, group: GroupRef): Promise<void> {
  const { LaunchTemplates = [] } = await ec2.describeLaunchTemplates({
    Filters: [{ Name: 'launch-template-name', Values: [templateName(group)] }],
  });
  for (const { LaunchTemplateId, Tags = [] } of LaunchTemplates)
    if (Tags.some(({ Key, Value }) => Key === GROUP_TAG && Value === group.name))
      await ec2.deleteLaunchTemplate({ LaunchTemplateId });
}

/**
 * What a machine is started with. Its metadata service answers only with a token and only to the host itself, so that
 * no container takes the role of its host.
 */
export function templateData(group: GroupRef, launch: LaunchSettings, userData: string): RequestLaunchTemplateData {
  const { imageId, instanceTypes, securityGroups, instanceProfile, keyName } = launch;
  return {
    ImageId: imageId,
    InstanceType: instanceTypes[0] as RequestLaunchTemplateData['InstanceType'],
    ...(securityGroups.length > 0 && { SecurityGroupIds: [...securityGroups] }),
    ...(instanceProfile !== null && { IamInstanceProfile: profileOf(instanceProfile) }),
    ...(keyName !== null && { KeyName: keyName }),
    MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
    UserData: encoded(userData),
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: group.name }] }],
  };
}

function profileOf(profile: string): { Arn: string } | { Name: string } {
  return profile.startsWith('arn:') ? { Arn: profile } : { Name: profile };
}

/** Base64; compressed where it is too long otherwise, which cloud-init understands. */
function encoded(userData: string): string {
  const plain = Buffer.from(userData);
  const bytes = plain.length <= USER_DATA_LIMIT ? plain : gzipSync(plain);
  if (bytes.length > USER_DATA_LIMIT)
    throw new DomainError(
      'unprocessable_entity',
      `The user data of a host has ${bytes.length} bytes even when compressed; EC2 takes ${USER_DATA_LIMIT} at most: make it shorter.`,
    );
  return bytes.toString('base64');
}
