import { Injectable } from '@nestjs/common';
import type { WhatIfApp, WhatIfHost, WhatIfWorld } from '../domain/what-if/what-if.js';
import { AppEnvironments, type AppEnvironmentKey } from '../store/repositories/app-environments.js';
import { HostLoads, NO_LOAD, type HostLoad } from '../store/repositories/host-loads.js';
import { HostSurvey, type SurveyedHost } from './host-survey.js';
import { ReconcileOutlooks, type ReconcileOutlook } from './reconcile-outlooks.js';

/** Which part of the world is looked at. */
export interface WhatIfView {
  /** Name of the environment. */
  readonly environment: string;
  /** The stacks whose hosts are shown. */
  readonly stacks: readonly string[];
  readonly keys: readonly AppEnvironmentKey[];
}

/** An app in an environment as it is tried, and what is stored of it. */
export interface SeenApp {
  readonly outlook: ReconcileOutlook;
  readonly app: WhatIfApp;
}

/** A part of the world as it is now. */
export interface SeenWorld extends WhatIfWorld {
  readonly seen: readonly SeenApp[];
  /** Hosts by stack. */
  readonly pools: ReadonlyMap<string, ReadonlySet<string>>;
}

/** No app: what is reserved is the same for all, only failures are told by app. */
const NO_APP = '0';

/** Looks at a part of the world, so that something can be tried on paper. */
@Injectable()
export class WhatIfWorlds {
  constructor(
    private readonly outlooks: ReconcileOutlooks,
    private readonly appEnvironments: AppEnvironments,
    private readonly survey: HostSurvey,
    private readonly loads: HostLoads,
  ) {}

  /** Throws `unavailable` when Consul is silent. */
  async of({ environment, stacks, keys }: WhatIfView): Promise<SeenWorld> {
    const loads = await this.loads.read(NO_APP);
    const surveys = await Promise.all(
      stacks.map(async (stack) => [stack, await this.survey.of({ stack, environment }, null)] as const),
    );
    const byStack = new Map(surveys);
    const all = new Map(surveys.flatMap(([, hosts]) => hosts.map((each) => [each.host.name, each] as const)));
    const hosts = [...all.values()].map((each) => hostOf(each, loads.get(each.host.name) ?? NO_LOAD));
    const outlooks = await this.outlooks.ofAll(keys);
    const seen: SeenApp[] = [];
    for (const outlook of outlooks)
      seen.push({ outlook, app: await this.appOf(outlook, byStack.get(outlook.state.stack) ?? []) });
    const pools = new Map(surveys.map(([stack, list]) => [stack, new Set(list.map(({ host }) => host.name))] as const));
    return { hosts, apps: seen.map(({ app }) => app), seen, pools };
  }

  /** Which hosts hold an image; `image` is by digest, or empty where none is known. */
  async holdersOf(hosts: readonly WhatIfHost[], image: string): Promise<ReadonlySet<string>> {
    if (image === '') return new Set();
    const real = hosts.filter(({ isNew }) => !isNew).map(({ host }) => host);
    return this.survey.holdersOf(real, image);
  }

  private async appOf({ state, snapshot }: ReconcileOutlook, pool: readonly SurveyedHost[]): Promise<WhatIfApp> {
    const { app, environment, current } = state;
    const image = current === null ? '' : (await this.appEnvironments.contentsOf(current.id)).image;
    const hosts = pool.map(({ host }) => host);
    const loads = await this.loads.read(app.id);
    return {
      app: { id: app.id, name: app.name },
      ...{ environment, image, snapshot },
      imageOn: image === '' ? new Set() : await this.survey.holdersOf(hosts, image),
      pool: new Set(hosts.map(({ name }) => name)),
      recentFailures: new Map([...loads].map(([host, { recentFailures }]) => [host, recentFailures])),
    };
  }
}

function hostOf({ host, capacity }: SurveyedHost, load: HostLoad): WhatIfHost {
  const { cordoned, cordonReason, reserved, instances } = load;
  return { host, isNew: false, cordoned, cordonReason, capacity, reserved, instances };
}
