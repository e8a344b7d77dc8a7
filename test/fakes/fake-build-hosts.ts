import type { Host } from '../../src/domain/host/host.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type {
  BuildHosts,
  BuildOutput,
  BuildpacksBuild,
  BuildpacksBuilt,
  ImageBuild,
  ImageBuilt,
  ImagePush,
  LifecycleBuild,
  LifecycleBuilt,
} from '../../src/ports/build-hosts.js';
import { refused, registrySilent, stopped } from './fake-refusals.js';
import { type BuildFate, digestOf, type FakeMachine, type FakeWorld } from './fake-world.js';

/** The Docker engines that build, of a {@link FakeWorld}. */
export class FakeBuildHosts implements BuildHosts {
  constructor(private readonly world: FakeWorld) {}

  async build(host: Host, build: ImageBuild): Promise<ImageBuilt> {
    const machine = await this.reach(host, 'build', build.tag);
    for await (const _chunk of build.context);
    await this.live(host, build, this.world.buildFateOf(build, host));
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

  async buildstep(host: Host, build: BuildpacksBuild): Promise<BuildpacksBuilt> {
    const built = await this.runBuildpacks(host, build, 'buildstep');
    this.world.machine(host.name).images.add(build.tag);
    return built;
  }

  async lifecycle(host: Host, build: LifecycleBuild): Promise<LifecycleBuilt> {
    const built = await this.runBuildpacks(host, build, 'lifecycle');
    if (!this.world.registryAnswers) throw registrySilent(host, build.tag);
    this.world.publish(build.tag);
    return { ...built, baseImages: build.runImage === null ? [] : [build.runImage], digest: digestOf(build.tag) };
  }

  async removeContainer(host: Host, name: string): Promise<void> {
    await this.reach(host, 'removeContainer', name);
    this.world.buildContainers.delete(`${host.name}/${name}`);
  }

  private async runBuildpacks(host: Host, build: BuildpacksBuild, method: string): Promise<BuildpacksBuilt> {
    await this.reach(host, method, build.tag);
    const container = `${host.name}/${build.containerName}`;
    this.world.buildContainers.add(container);
    try {
      for await (const _chunk of build.source);
      const fate = this.world.buildpacksFateOf(build, host);
      await this.live(host, build, fate);
      return {
        builder: `${build.builderImage}@${digestOf(build.builderImage)}`,
        baseImages: [],
        processTypes: fate.processTypes,
      };
    } finally {
      this.world.buildContainers.delete(container);
    }
  }

  /** Prints what it is to print, and fails where it is to fail. */
  private async live(host: Host, { onLine, signal }: BuildOutput, { lines, failure }: BuildFate): Promise<void> {
    for (const text of lines) {
      if (signal.aborted) throw stopped(host, signal);
      await onLine({ text, stream: 'stdout', step: null });
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (signal.aborted) throw stopped(host, signal);
    if (!this.world.machine(host.name).answers)
      throw new DomainError('unavailable', `the connection to host ${host.name} was lost`);
    if (failure !== null) throw refused(failure);
  }

  private async reach(host: Host, method: string, about: string): Promise<FakeMachine> {
    await this.world.ask({ method: `docker.${method}`, host: host.name, about });
    return this.world.machine(host.name);
  }
}
