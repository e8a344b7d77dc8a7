import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../../domain/host/host.js';
import type { Instance, InstanceFailure } from '../../domain/instance/instance.js';
import { signalOf } from '../../domain/instance/signal-of.js';
import type { InstanceStep } from '../../domain/instance/plan-instance.js';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import { pickHostPort } from '../../domain/placement/pick-host-port.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import { SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import { type Span, traced } from '../../ports/tracer.js';
import type { Lease } from '../../store/leases.js';
import { Redactors } from '../../store/redactors.js';
import { HostLoads } from '../../store/repositories/host-loads.js';
import { Instances } from '../../store/repositories/instances.js';
import { containerOf, registrationOf, type DeployContents, type Variables } from './container-plan.js';
import { CheckAnswers } from '../../observation/check-answers.js';
import type { Stray } from '../../observation/observer.js';
import { nameOf, type Story } from './story.js';

/** What steps are run with. */
export interface StepContext {
  readonly lease: Lease;
  readonly hosts: ReadonlyMap<string, Host>;
  readonly story: Story;
  /** Begins the span of a step, part of the deploy in progress where there is one. */
  readonly spanOf: (step: InstanceStep) => Span;
  /** The contents of the deploy that an instance belongs to. */
  readonly contentsOf: (deployId: string) => Promise<DeployContents>;
  /** The variables of its containers; throws where a secret of them cannot be opened. */
  readonly variablesOf: (deployId: string) => Promise<Variables>;
}

/** Lines of a failed container that are kept. */
const LAST_LINES = 50;

/** Makes steps so, each idempotent: a step that is begun again after a kill finds what it did before. */
@Injectable()
export class StepRunner {
  constructor(
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
    private readonly instances: Instances,
    private readonly loads: HostLoads,
    private readonly answers: CheckAnswers,
    private readonly redactors: Redactors,
  ) {}

  /** Runs one step. What does not work is told and answered with false, never thrown: it is tried again later. */
  async run(step: InstanceStep, context: StepContext): Promise<boolean> {
    try {
      await traced(context.spanOf(step), () => this.apply(step, context));
      return true;
    } catch (error) {
      await context.story.tell(`${nameOf(step.instance)}: ${step.kind} did not work: ${sentenceOf(error)}`, 'warn');
      return false;
    }
  }

  /** Removes a container or Consul entry of this app that no row knows. */
  async removeStray({ host, name }: Stray, { story }: StepContext): Promise<void> {
    try {
      await this.registry.deregister(host, name);
      await this.docker.remove(host, name, 0);
      await story.tell(`removed ${name} on ${host.name}: nothing should run there under this name`, 'warn');
    } catch (error) {
      await story.tell(`could not remove ${name} on ${host.name}: ${sentenceOf(error)}`, 'warn');
    }
  }

  private async apply(step: InstanceStep, context: StepContext): Promise<void> {
    switch (step.kind) {
      case 'start':
        return this.start(step.instance, context);
      case 'confirm':
        return this.confirm(step.instance, context);
      case 'put_in':
        return this.putIn(step.instance, context);
      case 'fail':
        return this.fail(step.instance, step.proof, context);
      case 'take_out':
        return this.takeOut(step.instance, context);
      case 'remove':
        return this.remove(step.instance, context);
      case 'wait':
        return;
    }
  }

  private async start(instance: Instance, context: StepContext): Promise<void> {
    try {
      await this.startContainer(instance, context);
    } catch (error) {
      if (instance.state !== 'planned') throw error;
      if (error instanceof DomainError && error.code === 'conflict') return this.changePort(instance, context);
      const cause = `it could not be started: ${sentenceOf(error)}`;
      await this.fail(instance, { kind: 'not_started', cause }, context);
    }
  }

  private async startContainer(instance: Instance, context: StepContext): Promise<void> {
    const host = hostOf(instance, context);
    const contents = await context.contentsOf(instance.deployId);
    await this.docker.pull(host, contents.image);
    const variables = await context.variablesOf(instance.deployId);
    const { id } = await this.docker.start(host, containerOf(instance, contents, variables));
    await this.registry.register(registrationOf(instance, contents, host));
    if (instance.state === 'healthy') await this.docker.keepRunning(host, instance.containerName);
    if (instance.state === 'planned') {
      await this.instances.move(context.lease, { instance, to: 'started', containerId: id });
    }
    const port = instance.hostPort === null ? '' : `, reached at ${host.address}:${instance.hostPort}`;
    await context.story.tell(`${nameOf(instance)}: started ${instance.containerName}${port}`);
  }

  /** Something that Jockey does not know listens on the port: it takes another, and the next pass starts it there. */
  private async changePort(instance: Instance, { story }: StepContext): Promise<void> {
    const loads = await this.loads.read(instance.appId);
    const taken = new Set(loads.get(instance.host)?.ports ?? []);
    if (instance.hostPort !== null) taken.add(instance.hostPort);
    const port = pickHostPort(taken, `${instance.containerName}/${instance.hostPort ?? 0}`);
    if (port === null) throw new DomainError('unprocessable_entity', `host ${instance.host} has no port left`);
    await this.instances.changePort(instance, port);
    await story.tell(
      `${nameOf(instance)}: port ${instance.hostPort ?? 0} is taken by something else, trying ${port}`,
      'warn',
    );
  }

  /** From here on Docker starts it again by itself, whether Jockey lives or not. */
  private async confirm(instance: Instance, context: StepContext): Promise<void> {
    const { lease, story } = context;
    await this.docker.keepRunning(hostOf(instance, context), instance.containerName);
    if (await this.instances.move(lease, { instance, to: 'healthy' })) await story.tell(`${nameOf(instance)}: healthy`);
  }

  /** From here on routers find it. Its check goes on as it stands, so that it passes at once. */
  private async putIn(instance: Instance, context: StepContext): Promise<void> {
    const host = hostOf(instance, context);
    const contents = await context.contentsOf(instance.deployId);
    await this.registry.register(registrationOf({ ...instance, standby: false }, contents, host));
    if (await this.instances.putIn(context.lease, instance))
      await context.story.tell(`${nameOf(instance)}: takes traffic`);
  }

  private async fail(
    instance: Instance,
    proof: Pick<InstanceFailure, 'kind' | 'cause'>,
    context: StepContext,
  ): Promise<void> {
    const failure = await this.diagnose(instance, proof, context);
    if (!(await this.instances.move(context.lease, { instance, to: 'failed', failure }))) return;
    await context.story.tell(`${nameOf(instance)}: failed, ${failure.cause}`, 'error');
    for (const line of failure.lastLines) await context.story.tell(`${nameOf(instance)} | ${line}`, 'error');
  }

  /** Reads off the container what it left, as long as it is there; its secrets are not in it. */
  private async diagnose(
    instance: Instance,
    proof: Pick<InstanceFailure, 'kind' | 'cause'>,
    context: StepContext,
  ): Promise<InstanceFailure> {
    const known = context.hosts.get(instance.host);
    const host = known?.healthy === true ? known : undefined;
    const none = { exitCode: null, outOfMemory: false };
    const [detail, lastLines, lastCheck] = await Promise.all([
      host === undefined ? null : this.docker.inspect(host, instance.containerName).catch(() => null),
      host === undefined ? [] : this.docker.lastLines(host, instance.containerName, LAST_LINES).catch(() => []),
      this.lastCheck(instance, context).catch(() => null),
    ]);
    const redactor = await this.redactors.of(instance);
    const { exitCode, outOfMemory } = detail ?? none;
    const exit = proof.kind === 'exited' ? exitCode : null;
    const heard = this.answers.of(instance.containerName);
    const said = lastCheck === null || heard.at(-1) === lastCheck.trim() ? heard : [...heard, lastCheck.trim()];
    return {
      ...{ kind: proof.kind, cause: redactor.text(proof.cause) },
      ...{ exitCode: exit, signal: signalOf(exit), outOfMemory },
      lastCheck: lastCheck === null ? null : redactor.quote(lastCheck),
      lastChecks: said.map((answer) => redactor.quote(answer)),
      lastLines: lastLines.map((line) => redactor.quote(line)),
    };
  }

  private async lastCheck(instance: Instance, context: StepContext): Promise<string | null> {
    const host = hostOf(instance, context);
    const { service } = registrationOf(instance, await context.contentsOf(instance.deployId), host);
    const entries = await this.registry.instances(service);
    return entries.find(({ id }) => id === instance.containerName)?.checkOutput ?? null;
  }

  private async takeOut(instance: Instance, context: StepContext): Promise<void> {
    await this.registry.deregister(hostOf(instance, context), instance.containerName);
    if (!(await this.instances.move(context.lease, { instance, to: 'draining' }))) return;
    const drain = instance.spec.drainSeconds === 0 ? '' : `, draining for ${instance.spec.drainSeconds} s`;
    await context.story.tell(`${nameOf(instance)}: out of Consul${drain}`);
  }

  private async remove(instance: Instance, context: StepContext): Promise<void> {
    const host = hostOf(instance, context);
    await this.registry.deregister(host, instance.containerName);
    await this.docker.remove(host, instance.containerName, instance.spec.stopGraceSeconds);
    if (!(await this.instances.move(context.lease, { instance, to: 'stopped' }))) return;
    await context.story.tell(`${nameOf(instance)}: stopped and removed`);
  }
}

function hostOf(instance: Instance, { hosts }: StepContext): Host {
  const host = hosts.get(instance.host);
  if (host === undefined) throw unavailable(`host ${instance.host}`, 'Consul does not know it any more');
  return host;
}
