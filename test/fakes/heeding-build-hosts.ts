import type { BuildHosts } from '../../src/ports/build-hosts.js';
import type { FakeWorld } from './fake-world.js';

/**
 * Build hosts that end what they do when the signal says so, also while the world holds them up, and note in the world
 * that it is gone: as real ones that prove it. One whose `proves` is false lets go of nothing.
 */
export class HeedingBuildHosts {
  proves = true;

  constructor(private readonly world: FakeWorld) {}

  /** The same hosts, heeding. */
  around(hosts: BuildHosts): BuildHosts {
    return new Proxy(hosts, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => this.ask(String(name), args, Reflect.apply(method, target, args));
      },
    });
  }

  private ask(method: string, args: readonly unknown[], work: Promise<unknown>): Promise<unknown> {
    const [host, order] = args as [{ name: string }, { signal?: AbortSignal; buildId?: string }];
    const signal = order?.signal;
    if (signal === undefined) return work;
    const gone = new Promise<never>((_resolve, reject) => {
      const stop = () => {
        if (!this.proves) return;
        this.world.calls.push({ method: `${method}.gone`, host: host.name, about: order.buildId ?? '' });
        reject(new Error(`${method} on host ${host.name} is gone`));
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    work.catch(() => undefined);
    return Promise.race([work, gone]);
  }
}
