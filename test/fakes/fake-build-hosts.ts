import type { Host } from '../../src/domain/host/host.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { BuildHosts, ImageBuild, ImageBuilt, ImagePush } from '../../src/ports/build-hosts.js';
import { refused, registrySilent, stopped } from './fake-refusals.js';
import { digestOf, type FakeMachine, type FakeWorld } from './fake-world.js';

/** The Docker engines that build, of a {@link FakeWorld}. */
export class FakeBuildHosts implements BuildHosts {
  constructor(private readonly world: FakeWorld) {}

  async build(host: Host, build: ImageBuild): Promise<ImageBuilt> {
    const machine = await this.reach(host, 'build', build.tag);
    for await (const _chunk of build.context);
    const { lines, failure } = this.world.buildFateOf(build, host);
    for (const line of lines) {
      if (build.signal.aborted) throw stopped(host, build.signal);
      await build.onLine({ text: line, stream: 'stdout', step: null });
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (build.signal.aborted) throw stopped(host, build.signal);
    if (!machine.answers) throw new DomainError('unavailable', `the connection to host ${host.name} was lost`);
    if (failure !== null) throw refused(failure);
    machine.images.add(build.tag);
    return { baseImages: [] };
  }

  async push(host: Host, push: ImagePush): Promise<string> {
    const machine = await this.reach(host, 'push', push.tag);
    if (push.signal.aborted) throw stopped(host, push.signal);
    if (!this.world.registryAnswers) throw registrySilent(host, push.tag);
    if (!machine.images.has(push.tag))
      throw refused(`host ${host.name} could not push ${push.tag}: it does not exist locally`);
    const digest = digestOf(push.tag);
    await push.onLine({
      text: `${push.tag.slice(push.tag.lastIndexOf(':') + 1)}: digest: ${digest}`,
      stream: 'status',
      step: null,
    });
    machine.images.add(this.world.publish(push.tag));
    return digest;
  }

  private async reach(host: Host, method: string, about: string): Promise<FakeMachine> {
    await this.world.ask({ method: `docker.${method}`, host: host.name, about });
    return this.world.machine(host.name);
  }
}
