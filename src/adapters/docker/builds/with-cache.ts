import type Docker from 'dockerode';
import type { BuildOutput } from '../../../ports/build-hosts.js';
import type { BuilderContainers, BuilderPlan } from './builder-container.js';

/**
 * Runs `work` in a container that has the cache of its app, or in one without, where another build has it at this moment:
 * neither buildpacks nor the lifecycle can share it. Made first and looked at then: of two that begin together, at least
 * one sees the other.
 */
export async function withCache<T>(
  containers: BuilderContainers,
  { plan, onLine }: Pick<BuildOutput, 'onLine'> & { readonly plan: BuilderPlan },
  work: (container: Docker.Container, plan: BuilderPlan) => Promise<T>,
): Promise<T> {
  const { cache, name } = plan;
  if (cache === null) return containers.with(plan, (container) => work(container, plan));
  const done = await containers.with(plan, async (container) =>
    (await containers.isTaken(cache.volume, name)) ? null : { result: await work(container, plan) },
  );
  if (done !== null) return done.result;
  await onLine({ text: 'another build uses the cache of this app: building without it', stream: 'status', step: null });
  const without = { ...plan, cache: null };
  return containers.with(without, (container) => work(container, without));
}
