import type { AutoScaling } from '@aws-sdk/client-auto-scaling';
import type { EC2 } from '@aws-sdk/client-ec2';
import type { SQS } from '@aws-sdk/client-sqs';
import { awsFaultOf } from './aws-fault.js';

/** How often one question is asked at most; the SDK waits longer and longer between them. */
const ATTEMPTS = 4;

/** How long one attempt may take, in milliseconds. A question of the queue waits up to 20 s by itself. */
const PATIENCE = { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true };
const QUEUE_PATIENCE = { ...PATIENCE, requestTimeout: 30_000 };

interface Closable {
  destroy(): void;
}

interface Initialized {
  readonly input: object;
}

/** The part of every client that faults are translated in. */
interface Stacked {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: Initialized) => Promise<{ output: object; response: unknown }>,
        context: { readonly commandName?: string },
      ) => (args: Initialized) => Promise<{ output: object; response: unknown }>,
      options: { readonly step: 'initialize'; readonly name: string; readonly priority: 'high' },
    ): void;
  };
}

/**
 * Clients of AWS by region, each loaded when it is first used: the SDK takes a second and 50 MB that an installation
 * without AWS does not spend. Each throws DomainErrors only.
 */
export class AwsClients {
  private readonly clients = new Map<string, Promise<Closable>>();

  /** `endpoint`: where all services are reached, where that is not Amazon itself. */
  constructor(private readonly endpoint?: string) {}

  /** Auto Scaling of a region. */
  autoScaling(region: string): Promise<AutoScaling> {
    return this.once(`autoscaling ${region}`, async () => {
      const { AutoScaling: Client } = await import('@aws-sdk/client-auto-scaling');
      return translated(new Client({ ...this.settings(region), requestHandler: PATIENCE }), 'autoscaling', region);
    });
  }

  /** EC2 of a region. */
  ec2(region: string): Promise<EC2> {
    return this.once(`ec2 ${region}`, async () => {
      const { EC2: Client } = await import('@aws-sdk/client-ec2');
      return translated(new Client({ ...this.settings(region), requestHandler: PATIENCE }), 'ec2', region);
    });
  }

  /** SQS; null for the region that the SDK finds in its own settings. */
  sqs(region: string | null): Promise<SQS> {
    return this.once(`sqs ${region}`, async () => {
      const { SQS: Client } = await import('@aws-sdk/client-sqs');
      const settings = { ...this.settings(region), requestHandler: QUEUE_PATIENCE };
      return translated(new Client(settings), 'sqs', region ?? 'the region that AWS_REGION names');
    });
  }

  /** Closes the connections of all. */
  async onModuleDestroy(): Promise<void> {
    const clients = await Promise.allSettled(this.clients.values());
    for (const client of clients) if (client.status === 'fulfilled') client.value.destroy();
  }

  private settings(region: string | null): { region?: string; endpoint?: string; maxAttempts: number } {
    return {
      ...(region !== null && { region }),
      ...(this.endpoint !== undefined && { endpoint: this.endpoint }),
      maxAttempts: ATTEMPTS,
    };
  }

  private once<T extends Closable>(key: string, make: () => Promise<T>): Promise<T> {
    const client = this.clients.get(key) ?? make();
    this.clients.set(key, client);
    return client as Promise<T>;
  }
}

/** Has every fault of a client say which action of which thing it was, after the last attempt. */
function translated<T extends object>(client: T, service: string, region: string): T {
  (client as unknown as Stacked).middlewareStack.add(
    (next, { commandName = 'Command' }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          const action = `${service}:${commandName.replace(/Command$/, '')}`;
          throw awsFaultOf(error, { action, region, about: aboutOf(args.input) });
        }
      },
    { step: 'initialize', name: 'sayFaults', priority: 'high' },
  );
  return client;
}

/** What a question is about, by the names that it carries. */
function aboutOf(input: object): string | null {
  const { AutoScalingGroupName, AutoScalingGroupNames, LaunchTemplateName, InstanceId, QueueUrl } = input as Record<
    string,
    unknown
  >;
  const group = AutoScalingGroupName ?? (Array.isArray(AutoScalingGroupNames) ? AutoScalingGroupNames[0] : undefined);
  if (typeof group === 'string') return `the Auto Scaling Group ${group}`;
  if (typeof LaunchTemplateName === 'string') return `the launch template ${LaunchTemplateName}`;
  if (typeof InstanceId === 'string') return `the machine ${InstanceId}`;
  return typeof QueueUrl === 'string' ? `the queue ${QueueUrl}` : null;
}
