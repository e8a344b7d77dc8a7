import { Inject, Injectable } from '@nestjs/common';
import { explainDeploy } from '../../domain/deploy/explain-deploy.js';
import type { Instance, Observation } from '../../domain/instance/instance.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { serviceName, standbyServiceName } from '../../domain/kernel/names.js';
import { SERVICE_REGISTRY, type RegisteredInstance, type ServiceRegistry } from '../../ports/service-registry.js';
import { type Redactor, Redactors } from '../../store/redactors.js';
import { DeployFactsReader } from '../../store/repositories/deploy-facts.js';
import { Deploys } from '../../store/repositories/deploys.js';
import type { DeployExplanationDto } from './explain.dto.js';
import { viewOf } from './explain-view.js';

/** Answers why a deploy is not where it was asked for: from what is written down, and from the checks in Consul. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly deploys: Deploys,
    private readonly reader: DeployFactsReader,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
    private readonly redactors: Redactors,
  ) {}

  /** The explanation of one deploy. A Consul that is silent is told in it. */
  async explain(id: string): Promise<DeployExplanationDto> {
    const deploy = await this.deploys.get(id);
    const facts = await this.reader.read(deploy, await this.deploys.instancesOf(deploy.id));
    const entries = await this.entries(facts.deploy.app, facts.fresh);
    const silent = typeof entries === 'string' ? entries : null;
    const redactor = await this.redactors.of(deploy);
    const fresh = facts.fresh.map((instance) => ({ instance, seen: seenOf(instance, entries, redactor) }));
    return viewOf(deploy, explainDeploy({ ...facts, fresh, consulSilentBecause: silent }));
  }

  /** What Consul knows of the instances' services, or why it does not say. Settled ones are not asked about. */
  private async entries(app: string, instances: readonly Instance[]): Promise<Entries> {
    const open = instances.filter(({ state, standby }) => state === 'started' || state === 'healthy' || standby);
    const services = new Set(open.map(({ spec, standby }) => serviceOf(app, spec.name, standby)));
    try {
      const lists = await Promise.all([...services].map((service) => this.registry.instances(service)));
      return new Map(lists.flat().map((entry) => [entry.id, entry]));
    } catch (error) {
      return sentenceOf(error);
    }
  }
}

type Entries = ReadonlyMap<string, RegisteredInstance> | string;

function serviceOf(app: string, worker: string, standby: boolean): string {
  return standby ? standbyServiceName(app, worker) : serviceName(app, worker);
}

/** Docker is not asked: what an instance waits for, its check knows. */
function seenOf({ containerName }: Instance, entries: Entries, redactor: Redactor): Observation {
  const entry = typeof entries === 'string' ? undefined : entries.get(containerName);
  return {
    container: 'unknown',
    hostLostBecause: null,
    exitCode: null,
    outOfMemory: false,
    restarts: 0,
    check: typeof entries === 'string' ? 'unknown' : (entry?.check ?? 'absent'),
    checkOutput: entry === undefined || entry.checkOutput === '' ? null : redactor.quote(entry.checkOutput),
  };
}
