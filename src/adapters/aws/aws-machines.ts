import type { AutoScalingGroup, LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import type { Instance, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { Resources } from '../../domain/host/host.js';
import type { AwsClients } from './aws-clients.js';
import { overridesOf } from './group-view.js';

/** Most values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html. */
const FILTER_VALUES = 200;

interface Page {
  readonly NextToken?: string;
}

/** What EC2 knows of machines and of the kinds of them. */
export class AwsMachines {
  constructor(private readonly clients: AwsClients) {}

  /** The machines of these ids; those that it does not know are left out. */
  async ofIds(region: string, ids: readonly string[]): Promise<Instance[]> {
    const ec2 = await this.clients.ec2(region);
    const machines: Instance[] = [];
    for (const Values of chunksOf(ids, FILTER_VALUES)) {
      const Filters = [{ Name: 'instance-id', Values }];
      for await (const { Reservations = [] } of pagesOf((page) => ec2.describeInstances({ Filters, ...page })))
        machines.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
    }
    return machines;
  }

  /** What the smallest of these kinds has: a host of any of them has it. Null where EC2 knows none of them. */
  async smallestOf(region: string, instanceTypes: readonly string[]): Promise<Resources | null> {
    const ec2 = await this.clients.ec2(region);
    const offers: Resources[] = [];
    for (const Values of chunksOf(instanceTypes, FILTER_VALUES)) {
      const Filters = [{ Name: 'instance-type', Values }];
      for await (const { InstanceTypes = [] } of pagesOf((page) => ec2.describeInstanceTypes({ Filters, ...page })))
        offers.push(...InstanceTypes.flatMap(offerOf));
    }
    if (offers.length === 0) return null;
    const least = (of: keyof Resources) => offers.reduce((min, each) => Math.min(min, each[of]), Infinity);
    return { memoryMb: least('memoryMb'), cpus: least('cpus') };
  }

  /** The kind of machine of a group's template or configuration; none where the group names its kinds itself. */
  async launchedTypes(region: string, group: AutoScalingGroup): Promise<string[]> {
    if (overridesOf(group).length > 0) return [];
    if (group.LaunchConfigurationName !== undefined) return this.configuredTypes(region, group.LaunchConfigurationName);
    const template = group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
    return template === undefined ? [] : this.templateTypes(region, template);
  }

  private async configuredTypes(region: string, name: string): Promise<string[]> {
    const client = await this.clients.autoScaling(region);
    const { LaunchConfigurations = [] } = await client.describeLaunchConfigurations({
      LaunchConfigurationNames: [name],
    });
    return LaunchConfigurations.flatMap(({ InstanceType }) => InstanceType ?? []);
  }

  private async templateTypes(region: string, template: LaunchTemplateSpecification): Promise<string[]> {
    const ec2 = await this.clients.ec2(region);
    const { LaunchTemplateVersions = [] } = await ec2.describeLaunchTemplateVersions({
      ...(template.LaunchTemplateId === undefined
        ? { LaunchTemplateName: template.LaunchTemplateName }
        : { LaunchTemplateId: template.LaunchTemplateId }),
      Versions: [template.Version ?? '$Default'],
    });
    return LaunchTemplateVersions.flatMap(({ LaunchTemplateData }) => LaunchTemplateData?.InstanceType ?? []);
  }
}

function offerOf({ MemoryInfo, VCpuInfo }: InstanceTypeInfo): Resources[] {
  const memoryMb = MemoryInfo?.SizeInMiB;
  const cpus = VCpuInfo?.DefaultVCpus;
  return memoryMb === undefined || cpus === undefined ? [] : [{ memoryMb, cpus }];
}

/** All pages of an answer, one after the other. */
export async function* pagesOf<T extends Page>(ask: (page: Page) => Promise<T>): AsyncGenerator<T> {
  for (let page: Page | null = {}; page !== null;) {
    const answer: T = await ask(page);
    yield answer;
    page = answer.NextToken === undefined || answer.NextToken === '' ? null : { NextToken: answer.NextToken };
  }
}

/** In parts of so many at most. */
export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
