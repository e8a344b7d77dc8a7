import { fetchJson, fetchOk } from '../machine/fetch-ok.js';
import { freePort } from '../machine/free-port.js';
import { Ledger } from '../machine/ledger.js';
import { startMoto } from '../machine/moto.js';
import { end } from '../machine/processes.js';
import type { Cluster } from './cluster.js';
import { foldersOf } from './layout.js';

/** What the cloud is like; what is not said stays. */
export interface CloudSettings {
  /** Seconds that a new machine is `Pending`; none at first. */
  readonly launch_seconds?: number;
  /** How many machines a group can get; null, as at first, is as many as it wants. */
  readonly capacity?: number | null;
  /** Runs hooks out after so many seconds without a heartbeat, whatever they say; null leaves it to the hook. */
  readonly heartbeat_seconds?: number | null;
  /** Queue that hooks and notices are told to, in EventBridge's envelopes. */
  readonly events_queue?: { readonly region: string; readonly name: string } | null;
}

/** Calls that are to fail. */
export interface CloudFault {
  /** `UpdateAutoScalingGroup`, or `*` for all. */
  readonly action: string;
  readonly kind: 'throttle' | 'deny' | 'expire' | 'refuse';
  /** How many calls; all until it is mended unless told. */
  readonly times?: number;
  /** All unless told. */
  readonly service?: 'autoscaling' | 'ec2' | 'sqs';
  /** Amazon's code and sentence, for `refuse`. */
  readonly code?: string;
  readonly message?: string;
}

/** A machine of a region. */
export interface CloudMachine {
  readonly region: string;
  /** `i-0123456789abcdef0` */
  readonly instance: string;
}

/** A cloud in memory: Auto Scaling, EC2 and SQS for every region, and what makes it fail. */
export class Moto {
  constructor(
    readonly url: string,
    private readonly endIt: () => Promise<void>,
  ) {}

  /** The variables with which Jockey finds it. */
  get env(): Readonly<Record<string, string>> {
    return { AWS_ENDPOINT_URL: this.url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  }

  async settings(settings: CloudSettings): Promise<void> {
    await this.tell('PATCH', 'settings', settings);
  }

  async fault(fault: CloudFault): Promise<void> {
    await this.tell('POST', 'faults', fault);
  }

  /** No call fails any more. */
  async mend(): Promise<void> {
    await this.tell('DELETE', 'faults');
  }

  /** A machine is taken back in two minutes, or may be soon; the test ends it when it likes. */
  async notice(kind: 'spot_interruption' | 'rebalance', machine: CloudMachine): Promise<void> {
    await this.tell('POST', 'notices', { kind, ...machine });
  }

  /** Gives a machine this private address. */
  async place(machine: CloudMachine, address: string): Promise<void> {
    await this.tell('POST', 'addresses', { ...machine, address });
  }

  /** All calls since it was started or reset, failed ones too, in their order. */
  async calls(): Promise<readonly { readonly service: string; readonly action: string }[]> {
    return fetchJson(`${this.url}/jockey/calls`);
  }

  /** Forgets all groups, machines, queues, settings and calls. */
  async reset(): Promise<void> {
    await fetchOk(`${this.url}/moto-api/reset`, { method: 'POST' });
  }

  /** Ends it at once. */
  async stop(): Promise<void> {
    await this.endIt();
  }

  private async tell(method: string, what: string, body: object = {}): Promise<void> {
    const init = { method, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
    await fetchOk(`${this.url}/jockey/${what}`, init);
  }
}

/** Starts a moto beside the cluster; it goes with the cluster, if not before. */
export async function startClusterMoto({ description }: Cluster): Promise<Moto> {
  const port = await freePort('127.0.0.1');
  const { logs } = foldersOf(description);
  const record = await startMoto({ ledger: new Ledger(description.ledger), logs, port });
  return new Moto(`http://127.0.0.1:${port}`, () => end([record], 2));
}
