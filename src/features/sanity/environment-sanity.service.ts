import { Injectable } from '@nestjs/common';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { PoolPulses, type PoolPulse } from '../../observation/pool-pulses.js';
import { ReconcileOutlooks, type ReconcileOutlook } from '../../observation/reconcile-outlooks.js';
import type { AppEnvironmentKey } from '../../store/repositories/app-environments.js';
import type { SanityFacts } from '../../store/repositories/sanity-facts.js';
import type { EnvironmentSanityDto } from './sanity.dto.js';

/** What of the facts is of one environment. */
export interface LookedAt {
  readonly environment: { readonly id: string; readonly name: string };
  readonly facts: SanityFacts;
  /** Every app that has something there. */
  readonly keys: readonly AppEnvironmentKey[];
}

/** How long one host may take to answer, in milliseconds: who asks for sanity wants to know now. */
const HOST_PATIENCE = 2_000;
/** After so long what is not known yet is not waited for, in milliseconds. */
const PATIENCE = 5_000;

/** Looks at an environment: its hosts, and what a reconcile would do there. */
@Injectable()
export class EnvironmentSanity {
  constructor(
    private readonly pulses: PoolPulses,
    private readonly outlooks: ReconcileOutlooks,
  ) {}

  /** What is found within a few seconds; what is not found out is a problem too. */
  async of(looked: LookedAt): Promise<EnvironmentSanityDto> {
    const [pulses, outlooks] = await Promise.all([
      inTime('the hosts', this.pulsesOf(looked)),
      inTime('the apps', this.outlooks.ofAll(looked.keys, HOST_PATIENCE)),
    ]);
    const problems = [...problemsOfPulses(pulses, looked), ...problemsOfOutlooks(outlooks), ...problemsOfFacts(looked)];
    const stuck = (list: SanityFacts['deploys']) =>
      list.filter(({ environmentId }) => environmentId === looked.environment.id).map(({ id }) => id);
    return {
      reconcile_plan: typeof outlooks === 'string' ? [] : outlooks.flatMap(({ steps }) => steps),
      stuck_deploys: stuck(looked.facts.deploys),
      stuck_reconciles: stuck(looked.facts.reconciles),
      stack_status: statusOf(pulses, looked),
      status: problems.length === 0 ? 'OK' : 'NOT OK',
      problems: [...new Set(problems)],
    };
  }

  private pulsesOf({ facts, environment }: LookedAt): Promise<PoolPulse[]> {
    const pools = facts.stacks.map(({ name }) => ({ stack: name, environment: environment.name }));
    return Promise.all(pools.map((pool) => this.pulses.of(pool, HOST_PATIENCE)));
  }
}

/** What comes in time, or why it does not, in one sentence. */
async function inTime<T>(what: string, work: Promise<T>): Promise<T | string> {
  const silence = `${what} could not all be looked at within ${PATIENCE} ms`;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(silence), PATIENCE);
  });
  return Promise.race([work.catch(sentenceOf), late]).finally(() => clearTimeout(timer));
}

function isNeeded(stack: string, { facts, environment }: LookedAt): boolean {
  return facts.stacks.some(({ name, neededIn }) => name === stack && neededIn.includes(environment.name));
}

function statusOf(pulses: readonly PoolPulse[] | string, looked: LookedAt): Record<string, boolean> {
  if (typeof pulses === 'string') {
    const needed = looked.facts.stacks.filter(({ name }) => isNeeded(name, looked));
    return Object.fromEntries(needed.map(({ name }) => [name, false]));
  }
  const shown = pulses.filter(({ pool, hosts }) => hosts > 0 || isNeeded(pool.stack, looked));
  return Object.fromEntries(shown.map(({ pool, hosts, problems }) => [pool.stack, hosts > 0 && problems.length === 0]));
}

function problemsOfPulses(pulses: readonly PoolPulse[] | string, looked: LookedAt): string[] {
  if (typeof pulses === 'string') return [pulses];
  return pulses.flatMap(({ pool, hosts, problems }) => {
    if (hosts > 0 || !isNeeded(pool.stack, looked)) return problems.map((problem) => `stack ${pool.stack}: ${problem}`);
    return [`stack ${pool.stack} has no host in ${pool.environment}, and an app needs one`];
  });
}

function problemsOfOutlooks(outlooks: readonly ReconcileOutlook[] | string): string[] {
  if (typeof outlooks === 'string') return [outlooks];
  return outlooks.flatMap(({ state, steps, observed }) => {
    const due =
      steps.length === 0
        ? []
        : [`${state.app.name}: a reconcile would do ${steps.length} ${steps.length === 1 ? 'step' : 'steps'}`];
    const sick = observed.instances.filter(
      ({ instance, seen }) => instance.state === 'healthy' && seen.check === 'critical',
    );
    return [...due, ...sick.map(({ instance }) => `${state.app.name}: the check of ${instance.containerName} fails`)];
  });
}

function problemsOfFacts({ facts, environment }: LookedAt): string[] {
  const here = ({ environmentId }: { environmentId: string }) => environmentId === environment.id;
  const sentence = (noun: string) => (each: { id: string }) =>
    `${noun} ${each.id} is in progress for more than an hour`;
  return [
    ...facts.deploys.filter(here).map(sentence('deploy')),
    ...facts.reconciles.filter(here).map(sentence('reconcile')),
  ];
}
